/** What a browser or program calls itself, in a few words. Pure. */

/** In the order of asking: most browsers also name those they descend from. */
const BROWSERS: readonly [RegExp, string][] = [
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/OPR\/|Opera/, "Opera"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|CriOS\/|Chromium\//, "Chrome"],
  [/Safari\//, "Safari"],
];

/** Phones first: they also name the systems they descend from. */
const SYSTEMS: readonly [RegExp, string][] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/CrOS/, "ChromeOS"],
  [/Windows/, "Windows"],
  [/Macintosh|Mac OS X/, "Mac"],
  [/Linux/, "Linux"],
];

const LETTERS_MAX = 40;

/** `Chrome on Windows`, `Safari on iPhone`; of programs the first word, `curl 8.5.0`. */
export function agentText(agent: string | null | undefined): string {
  if (!agent) return "Unknown program";
  const browser = named(BROWSERS, agent);
  const system = named(SYSTEMS, agent);
  if (browser && system) return `${browser} on ${system}`;
  const [program = agent] = agent.split(" ");
  return (browser ?? program.replace("/", " ")).slice(0, LETTERS_MAX);
}

function named(table: readonly [RegExp, string][], agent: string): string | undefined {
  return table.find(([pattern]) => pattern.test(agent))?.[1];
}
