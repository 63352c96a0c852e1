// The whole path in a real browser, as a person and an operator walk it.
//
// SENIM_BASE_URL    http://127.0.0.1:PORT of a fresh server
// SENIM_SETUP_LINK  its one-time operator link
// SENIM_SHOTS       folder for screenshots
// SENIM_CHROMIUM    the browser, /usr/bin/chromium unless given
//
// Prints what it did, then every problem; exit code 0 none, 1 problems, 2 it could not go on.
import fs from "node:fs";
import { Browser } from "./lib/browser.mjs";
import { Problems } from "./lib/problems.mjs";
import { Operator } from "./walk/operator.mjs";
import { reader, forms } from "./walk/reader.mjs";
import { person } from "./walk/person.mjs";
import { keyboard } from "./walk/keyboard.mjs";
import { withoutScript } from "./walk/plain.mjs";

const settings = {
  base: need("SENIM_BASE_URL"),
  setup: need("SENIM_SETUP_LINK"),
  shots: process.env.SENIM_SHOTS || "target/screenshots",
  chromium: process.env.SENIM_CHROMIUM || "/usr/bin/chromium",
};

function need(name) {
  const value = process.env[name];
  if (!value) {
    console.error(`${name} is not set; tests/all/browser.rs sets it`);
    process.exit(2);
  }
  return value;
}

fs.rmSync(settings.shots, { recursive: true, force: true });
fs.mkdirSync(settings.shots, { recursive: true });
const problems = new Problems();
const browser = await Browser.launch(settings, problems);
try {
  const operator = await Operator.setUp(browser, settings.setup);
  const walks = ["ru", "kk", "en"].map(async (language) => {
    await step(`${language}: reader`, () => reader(browser, language));
    await step(`${language}: forms`, () => forms(browser, language));
    const desk = await operator.desk(language);
    await step(`${language}: person`, () => person(browser, language, desk));
    await step(`${language}: operator`, () => desk.walk(language));
  });
  walks.push(step("keyboard", () => keyboard(browser, "ru")));
  walks.push(step("without scripts", () => withoutScript(browser, "kk")));
  await Promise.all(walks);
  await operator.signOut("ru");
} catch (fault) {
  problems.add("run", `could not go on: ${fault.stack || fault}`);
} finally {
  await browser.close();
}

async function step(name, walk) {
  const began = Date.now();
  try {
    await walk();
  } catch (fault) {
    problems.add(name, `could not go on: ${fault.stack || fault}`);
  }
  console.log(`${name}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

console.log(`${browser.looked} pages looked at, ${browser.shot} screenshots in ${settings.shots}`);
process.exit(problems.report());
