// Builds the page's script and style into the folder that the argument names, by default
// ../built, whose files are committed: plimsoll itself is built without node.
import {build} from "esbuild";

await build({
  entryPoints: {page: "src/main.ts"},
  outdir: process.argv[2] ?? "../built",
  bundle: true,
  minify: true,
  charset: "ascii",
  format: "iife",
  target: ["es2020", "chrome100", "firefox100", "safari15"],
  legalComments: "inline",
  banner: {js: "/* Drawn with uPlot, MIT License, (c) 2022 Leon Sorokin */"},
});
