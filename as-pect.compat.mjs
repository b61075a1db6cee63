// Lets as-pect 8.1 run on assemblyscript >= 0.28.17, which inserted NodeKind.TupleType = 3 and so moved every later kind up by one,
// while @as-pect/transform has the old numbers compiled in: it is shown the old numbering, and only while it runs.
// as-pect finds a transform only in the project root, so this file cannot live in scripts/.
import Legacy from '@as-pect/transform';
import { Node, NodeKind } from 'assemblyscript';
import { Transform } from 'assemblyscript/transform';

let legacy = false;

if (NodeKind.TupleType === 3) {
  Object.defineProperty(Node.prototype, 'kind', {
    configurable: true,
    get() {
      return legacy && this._kind > 3 ? this._kind - 1 : this._kind;
    },
    set(kind) {
      this._kind = kind;
    },
  });
}

export default class Compat extends Transform {
  afterParse(parser) {
    const { program, baseDir, stdout, stderr, log } = this;
    const transform = Object.assign(new Legacy(), { program, baseDir, stdout, stderr, log });
    legacy = true;
    try {
      return transform.afterParse(parser);
    } finally {
      legacy = false;
    }
  }
}
