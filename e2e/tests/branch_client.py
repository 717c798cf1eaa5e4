"""A client of the namespace of table changes, made of python-socketio.

Is told what to do in lines of JSON on standard input, and says in lines of JSON on standard output what came of it
and what it hears. The end of its input is its own end.
"""

import asyncio
import json
import os
import sys

import socketio

NAMESPACE = "/restaurant/tables"
#: Seconds that anything may take.
LIMIT = 15


def say(**line):
    print(json.dumps(line), flush=True)


class Client:
    def __init__(self):
        self.socket = socketio.AsyncClient(
            reconnection_delay=0.05, reconnection_delay_max=0.2, randomization_factor=0
        )
        self.refusal = None
        self.is_answered = asyncio.Event()
        on = self.socket.on
        on("connect", self.is_connected, namespace=NAMESPACE)
        on("disconnect", lambda *reason: say(state="disconnected", reason=str(reason)), namespace=NAMESPACE)
        on("connect_error", self.is_refused, namespace=NAMESPACE)
        on("*", lambda name, *args: say(heard=[name, *args]), namespace=NAMESPACE)

    def is_connected(self):
        say(state="connected")
        self.is_answered.set()

    def is_refused(self, *told):
        self.refusal = told[0]["message"] if told and isinstance(told[0], dict) else str(told)
        self.is_answered.set()

    async def connect(self, url, auth, transports=None):
        # Its own waiting does not end when the namespace refuses.
        await self.socket.connect(url, auth=auth, transports=transports, namespaces=[NAMESPACE], wait=False)
        await asyncio.wait_for(self.is_answered.wait(), LIMIT)
        if self.refusal:
            raise RuntimeError(self.refusal)

    async def call(self, name, value):
        return await self.socket.call(name, value, namespace=NAMESPACE, timeout=LIMIT)

    async def emit(self, name, value):
        await self.socket.emit(name, value, namespace=NAMESPACE)


async def do(client, command):
    number, act = command.pop("id"), command.pop("do")
    try:
        say(id=number, gives=await getattr(client, act)(**command))
    except Exception as error:  # whatever it is, the test has to know
        say(id=number, fails=str(error) or repr(error))


async def main():
    client = Client()
    commands = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    doing = set()
    while line := await commands.readline():
        task = loop.create_task(do(client, json.loads(line)))
        doing.add(task)
        task.add_done_callback(doing.discard)
    await client.socket.disconnect()
    # Whoever looks for its server goes on looking, although it is cancelled.
    os._exit(0)


asyncio.run(main())
