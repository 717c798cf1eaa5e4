import "@fontsource-variable/inter/wght.css";
import "../app.css";
import "./dashboard.css";
import { mount } from "svelte";
import { Gate } from "./gate.svelte";
import Page from "./Page.svelte";
import { readSent } from "./start";

const gate = new Gate();
void gate.start(readSent(document.body, location));

const sent = document.getElementById("app");
if (sent) {
  // What stands there is for browsers without script; the views bring their own landmarks.
  const target = document.createElement("div");
  target.id = "app";
  sent.replaceWith(target);
  mount(Page, { target, props: { gate } });
}
