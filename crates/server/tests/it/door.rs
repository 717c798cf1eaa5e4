//! The two doors through which a command comes in: a request, and a frame on the stream.

use crate::client::{Client, Screen};
use crate::house::House;
use serde_json::{Value, json};

/// Somebody who asks, through one of the doors.
pub(crate) enum Door {
    /// Requests.
    Http { client: Client, path: String },
    /// Frames of an open stream, with everything else that came on it.
    Stream {
        screen: Box<Screen>,
        heard: Vec<Value>,
        n_asked: u64,
    },
}

impl Door {
    pub(crate) fn http(house: &House, restaurant: &str, key: &str) -> Door {
        Door::Http {
            client: house.client(key),
            path: format!("/v1/restaurants/{restaurant}/commands"),
        }
    }

    pub(crate) async fn stream(house: &House, restaurant: &str, key: &str) -> Door {
        let screen = Screen::connect(house.address, restaurant, "", Some(key))
            .await
            .unwrap();
        Door::Stream {
            screen: Box::new(screen),
            heard: Vec::new(),
            n_asked: 0,
        }
    }

    /// Odd numbers come through the one door, even ones through the other.
    pub(crate) async fn mixed(house: &House, restaurant: &str, key: &str, number: u64) -> Door {
        if number % 2 == 1 {
            Door::http(house, restaurant, key)
        } else {
            Door::stream(house, restaurant, key).await
        }
    }

    /// Asks for `command`. Answers the change it became, or the refusal.
    pub(crate) async fn ask(&mut self, command: &Value) -> Result<Value, Value> {
        match self {
            Door::Http { client, path } => {
                let answer = client.post(path, command).await;
                if answer.status.is_success() {
                    Ok(answer.json())
                } else {
                    Err(answer.json())
                }
            }
            Door::Stream {
                screen,
                heard,
                n_asked,
            } => {
                *n_asked += 1;
                let id = format!("c{n_asked}");
                let frame = json!({"type": "command", "id": id, "command": command});
                screen.send(&frame).await;
                loop {
                    let frame = screen.next().await;
                    match frame["type"].as_str() {
                        Some("result") => {
                            assert_eq!(frame["id"], id);
                            let told = heard.iter().rfind(|it: &&Value| it["type"] == "change");
                            let told = told.filter(|it| it["seq"].as_u64() >= frame["seq"].as_u64());
                            told.expect("a change is told before its result");
                            let change = heard.iter().rfind(|it| it["seq"] == frame["seq"]);
                            return Ok(change.unwrap().clone());
                        }
                        Some("refused") => {
                            assert_eq!(frame["id"], id);
                            return Err(frame);
                        }
                        _ => heard.push(frame),
                    }
                }
            }
        }
    }

    /// Asks for a command that must be accepted.
    pub(crate) async fn accepted(&mut self, command: &Value) -> Value {
        let answer = self.ask(command).await;
        answer.unwrap_or_else(|refusal| panic!("{command} was refused: {refusal}"))
    }
}
