// Builds the page's script and style into the folder that the argument names, by default
// ../built, whose files are committed: plimsoll itself is built without node.
import {readFileSync} from "node:fs";

import {build} from "esbuild";

const license = readFileSync("node_modules/uplot/LICENSE", "utf8").trim();

await build({
  entryPoints: {page: "src/main.ts"},
  outdir: process.argv[2] ?? "../built",
  bundle: true,
  minify: true,
  charset: "ascii",
  format: "iife",
  target: ["es2020", "chrome100", "firefox100", "safari15"],
  banner: {js: `/* With uPlot:\n${license}\n*/`, css: `/* With uPlot:\n${license}\n*/`},
});
