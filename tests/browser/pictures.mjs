// Makes a picture of every kind of page, wide and narrow, light and dark. Usage: node pictures.mjs SITE OUT [NAME...]
// With names, only those pages are taken, wide and light: NAME=PAGE[@WIDTHxHEIGHT].
import { mkdirSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [site, out, ...named] = process.argv.slice(2);
const first = (folder) => `${folder}/${readdirSync(join(site, folder)).filter((name) => name.endsWith(".html"))[0]}`;
const PAGES = ["index.html", first("board"), "proposals/index.html", first("proposals"), first("compare"), first("groups"), "reviewers.html",
  "statistics.html", "rules/index.html", "search.html", "404.html"];
const LOOKS = [["light", 1320], ["dark", 1320], ["narrow", 360]];

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
mkdirSync(out, { recursive: true });

async function take(name, page, width, height, dark) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light" });
  const tab = await context.newPage();
  await tab.goto(pathToFileURL(resolve(site, page)).href);
  await tab.screenshot({ path: join(out, `${name}.png`) });
  await context.close();
}

if (named.length > 0) {
  for (const one of named) {
    const [, name, page, width = "1320", height = "1000"] = one.match(/^([^=]+)=([^@]+)(?:@(\d+)x(\d+))?$/);
    await take(name, page, Number(width), Number(height), false);
  }
} else {
  for (const page of PAGES) {
    for (const [look, width] of LOOKS) {
      await take(`${page.replace(/\.html$/, "").replaceAll("/", "-")}-${look}`, page, width, 1200, look === "dark");
    }
  }
}
await browser.close();
