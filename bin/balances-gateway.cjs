#!/usr/bin/env node
// The command `balances-gateway`, and by a symbolic link `src/main.ts`. Node follows links before it decides how to load a
// file, so that an old Node, too, can run this one and say what it lacks: CommonJS, with nothing newer than `import()`.
'use strict';

var fs = require('fs');
var path = require('path');

var nodeMajorMin = 24;

if (parseInt(process.versions.node, 10) < nodeMajorMin) {
  process.stderr.write(
    'The balances gateway needs Node ' +
      nodeMajorMin +
      ' or newer; this is ' +
      process.versions.node +
      '. In a checkout "npm start" brings its own; elsewhere install Node ' +
      nodeMajorMin +
      ' from https://nodejs.org.\n',
  );
  process.exit(1);
} else {
  require('./set-up-v8.cjs');
  // The published package holds JavaScript, because Node strips no types below node_modules.
  void (
    fs.existsSync(path.join(__dirname, '../src/cli/main.ts'))
      ? import('../src/cli/main.ts')
      : import('../dist/cli/main.js')
  ).then((cli) => cli.main());
}
