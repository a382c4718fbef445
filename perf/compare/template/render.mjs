// Renders the template with velocityjs; see TemplateRow for what is asked of it. The template is parsed once, the body for each run.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const { parse, Compile } = createRequire(import.meta.url)('velocityjs');
const [directory, output] = process.argv.slice(2);
const nodes = parse(readFileSync(`${directory}/orders.vtl`, 'utf8'));
const body = readFileSync(`${directory}/orders.json`);
const inputs = JSON.parse(readFileSync(`${directory}/inputs.json`, 'utf8'));

// What escapeJavaScript of commons-lang 2 does.
const escapes = { '\\': '\\\\', '"': '\\"', "'": "\\'", '/': '\\/', '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r' };
const special = /[^ !#$%&()*+,\-.0-9:;<=>?@A-Z[\]^_`a-z{|}~]/g;
const escaped = character => escapes[character] ?? '\\u' + character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');

const util = {
  escapeJavaScript: text => String(text).replace(special, escaped),
  base64Encode: text => Buffer.from(String(text)).toString('base64'),
};

class Input {
  #root;

  #parsed() {
    return (this.#root ??= JSON.parse(body.toString()));
  }

  path(path) {
    let at = this.#parsed();
    for (const name of path.split('.').slice(1)) at = at?.[name];
    return at;
  }

  json(path) {
    return JSON.stringify(this.path(path));
  }

  params(name) {
    return inputs.path[name] ?? inputs.querystring[name] ?? inputs.header[name] ?? '';
  }
}

function render() {
  const text = new Compile(nodes).render({ input: new Input(), util, context: { ...inputs.context, requestOverride: { header: {} } }, stageVariables: inputs.stageVariables });
  return Buffer.from(text);
}

writeFileSync(output, render());
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const until = process.hrtime.bigint() + BigInt(line) * 1_000_000n;
  let rendered = 0;
  let bytes = 0;
  while (process.hrtime.bigint() < until) {
    for (let i = 0; i < 10; i++) bytes += render().length;
    rendered += 10;
  }

  console.log(bytes > 0 ? rendered : 0);
}
