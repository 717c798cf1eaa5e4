import { expect, test } from "vitest";
import { dots, isPin, PIN_MAX, typed } from "../src/pin";

function after(keys: readonly string[]): string {
  return keys.reduce(typed, "");
}

test("a PIN is typed digit by digit, and the last one can be taken back", () => {
  expect(after(["1", "0", "0", "4"])).toBe("1004");
  expect(after(["1", "9", "Backspace", "0"])).toBe("10");
  expect(after(["Backspace", "1"])).toBe("1");
});

test("keys that are no digits change nothing", () => {
  expect(after(["1", "a", "Shift", "F5", "Tab", "٣", " "])).toBe("1");
});

test("a PIN has four to eight digits", () => {
  expect(["123", "1234", "12345678", "123456789", "12e4"].map(isPin)).toEqual([false, true, true, false, false]);
  expect(after("1234567890".split(""))).toHaveLength(PIN_MAX);
});

test("there is a dot for each digit, and never fewer places than a PIN needs", () => {
  expect(dots("")).toEqual([false, false, false, false]);
  expect(dots("12")).toEqual([true, true, false, false]);
  expect(dots("123456")).toEqual([true, true, true, true, true, true]);
});
