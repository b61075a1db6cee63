// The packed memory of one book: a header of row counts and column pointers, then one block of columns a section.
// The only file that knows pointers. Growth moves a section's block and cuts its views anew, here and nowhere else.
import type { Engine } from './engine.js';
import { MarginError } from './errors.js';
import {
  bytesOf,
  type Column,
  HEADER_COUNTS,
  HEADER_WORDS,
  headerWord,
  type Layout,
  layout,
  type Section,
  sections,
} from './layout.js';

type View<C extends Column> = C['type'] extends 'f64'
  ? Float64Array
  : C['type'] extends 'u32'
    ? Uint32Array
    : Uint8Array;
type AnyView = Float64Array | Uint32Array | Uint8Array;
const VIEWS = { f64: Float64Array, u32: Uint32Array, u8: Uint8Array } as const;
/**
 * Typed views of every column, row-major with `width` components, and the engine's powers for what computes over them. Stale
 * after growth: take them from the store each time.
 */
export type Columns = Pick<Engine, 'pow'> & {
  readonly [S in Section]: { readonly [C in keyof Layout[S]]: View<Layout[S][C] & Column> };
};

/** Cache line: columns start on one, so no two share a line. */
const ALIGN = 64;
const MAX_ROWS = 0xffffffff;
/** wasm32 reaches no further. */
const MAX_BYTES = 0xffff0000;

const up = (bytes: number): number => Math.ceil(bytes / ALIGN) * ALIGN;
/** Columns of a section by name, and the header word of the first; listed once, for every growth asks. */
interface Listed {
  columns: [string, Column][];
  word: number;
}
function list(): Record<Section, Listed> {
  let word = HEADER_COUNTS;
  const listed = {} as Record<Section, Listed>;
  for (const s of sections) {
    listed[s] = { columns: Object.entries(layout[s]), word };
    word += listed[s].columns.length;
  }
  return listed;
}
const LISTED = /* @__PURE__ */ list();
const columnsOf = (section: Section): [string, Column][] => LISTED[section].columns;
const blockBytes = (section: Section, rows: number): number =>
  columnsOf(section).reduce((sum, [, c]) => sum + up(bytesOf(c) * rows), 0);

/** Numbers of rows by section. */
export type Rows = Partial<Record<Section, number>>;

/**
 * Rows behind those that a section may fill, outside its maximum: for the copy of a unit on which trades are tried, and for the
 * second of two scenarios that are read at once.
 */
const SPARE: Rows = { unit: 1, balance: 64, position: 256, scenario: 1 };
/** Rows that sections have at once, so that a question of a usual unit never moves anything. */
const LEAST: Rows = { ray: 512, scratch: 64 };

/**
 * The packed memory of a book. Who reads its columns in place takes them from `columns` each time, as growth moves them; docs/abi.md
 * says what each holds. After a write `book.touch()` has to be called.
 */
export class Store {
  /** @internal */
  readonly engine: Engine;
  /** Byte address of the header, handed to the kernel. */
  readonly header: number;
  #columns!: Columns;
  #head!: Uint32Array;
  readonly #room = {} as Record<Section, number>;
  readonly #spare: Rows = { ...SPARE };
  readonly #block = {} as Record<Section, number>;
  /** Blocks given back by growth, reused first-fit. */
  #free: { at: number; bytes: number }[] = [];
  #end: number;
  readonly #maximum: Rows;

  /**
   * @param maximum - rows that a section may never exceed: an error instead of a surprise growth
   * @internal
   */
  constructor(engine: Engine, rows: Rows = {}, maximum: Rows = {}) {
    this.engine = engine;
    this.header = up(engine.base);
    this.#end = up(this.header + HEADER_WORDS * 4);
    this.#maximum = maximum;
    this.#grow(this.#end);
    for (const s of sections) {
      this.#room[s] = Math.max(LEAST[s] ?? 1, rows[s] ?? 0);
      this.#block[s] = this.#allocate(blockBytes(s, this.#length(s)));
    }
    this.#cut();
    this.setCount('house', 1);
  }

  /** Views of all columns, by section and name. */
  get columns(): Columns {
    return this.#columns;
  }

  /** Rows of a section that are in use. */
  count(section: Section): number {
    return this.#head[sections.indexOf(section)] ?? 0;
  }

  /** Rows of a section that there is room for. @internal */
  room(section: Section): number {
    return this.#room[section];
  }

  /** Rows that its columns have, spare ones too. */
  #length(section: Section): number {
    return this.#room[section] + (this.#spare[section] ?? 0);
  }

  /** Makes so many rows free behind the last one, which nothing counts. @throws MarginError memory @internal */
  ensureBehind(section: Section, rows: number): void {
    const spare = this.count(section) + rows - this.#room[section];
    if (spare > (this.#spare[section] ?? 0)) this.#rebuild(section, this.#room[section], Math.ceil(spare * 1.5));
  }

  /** Bytes that the columns take, and those of the whole memory. */
  get bytes(): { columns: number; memory: number } {
    return { columns: this.bytesOf(sections), memory: this.engine.buffer.byteLength };
  }

  /** Bytes that the columns of these sections take. @internal */
  bytesOf(these: readonly Section[]): number {
    return these.reduce((sum, s) => sum + blockBytes(s, this.#length(s)), 0);
  }

  /** Sets the row count; new rows are zero. Grows by half when there is no room. @internal */
  setCount(section: Section, rows: number): void {
    const had = this.count(section);
    if (rows > this.#room[section]) this.reserve(section, Math.max(rows, Math.ceil(had * 1.5) + 4));
    if (rows > had) this.clear(section, had, rows);
    this.#head[sections.indexOf(section)] = rows;
  }

  /** Appends rows and returns the first. @internal */
  append(section: Section, rows = 1): number {
    const first = this.count(section);
    this.setCount(section, first + rows);
    return first;
  }

  /** Checks that so many more rows fit, growing if need be, so that what follows cannot fail half-way. @internal */
  ensure(section: Section, more: number): void {
    const want = this.count(section) + more;
    if (want > this.#room[section]) this.reserve(section, Math.max(want, Math.ceil(this.count(section) * 1.5) + 4));
  }

  /** Makes rows zero. @internal */
  clear(section: Section, from: number, to: number): void {
    for (const [name, c] of columnsOf(section)) this.#view(section, name).fill(0, from * c.width, to * c.width);
  }

  /** Moves rows inside a section, all input columns together. @internal */
  move(section: Section, to: number, from: number, rows: number): void {
    for (const [name, c] of columnsOf(section)) {
      if (c.role === 'input') {
        this.#view(section, name).copyWithin(to * c.width, from * c.width, (from + rows) * c.width);
      }
    }
  }

  /** Makes room for so many rows in all. @throws MarginError too-many, memory; the book stays as it was @internal */
  reserve(section: Section, rows: number): void {
    if (rows <= this.#room[section]) return;
    const limit = this.#maximum[section] ?? MAX_ROWS;
    const had = this.count(section);
    if (rows > limit) {
      if (had >= limit || rows > MAX_ROWS) {
        throw new MarginError('too-many', { path: section, got: rows, expected: `at most ${limit} rows` });
      }
      rows = limit;
    }
    this.#rebuild(section, rows, this.#spare[section] ?? 0);
  }

  /** Moves a section to a block of so many rows and spare ones. */
  #rebuild(section: Section, rows: number, spare: number): void {
    const had = this.count(section);
    const old = { at: this.#block[section], bytes: blockBytes(section, this.#length(section)) };
    const oldOffsets = this.#offsets(section);
    const block = this.#allocate(blockBytes(section, rows + spare));
    const bytes = new Uint8Array(this.engine.buffer);
    let at = block;
    columnsOf(section).forEach(([, c], i) => {
      const from = oldOffsets[i] ?? 0;
      bytes.copyWithin(at, from, from + bytesOf(c) * had);
      at += up(bytesOf(c) * (rows + spare));
    });
    this.#block[section] = block;
    this.#room[section] = rows;
    this.#spare[section] = spare;
    this.#release(old);
    this.#cut(this.#head.buffer === this.engine.buffer ? [section] : sections);
  }

  #view(section: Section, name: string): AnyView {
    return (this.#columns[section] as Record<string, AnyView>)[name] as AnyView;
  }

  #offsets(section: Section): number[] {
    let at = this.#block[section];
    return columnsOf(section).map(([, c]) => {
      const here = at;
      at += up(bytesOf(c) * this.#length(section));
      return here;
    });
  }

  #allocate(bytes: number): number {
    const hole = this.#free.findIndex((b) => b.bytes >= bytes);
    const block = this.#free[hole];
    if (block) {
      const at = block.at;
      if (block.bytes === bytes) this.#free.splice(hole, 1);
      else this.#free[hole] = { at: at + bytes, bytes: block.bytes - bytes };
      return at;
    }
    const at = this.#end;
    this.#grow(at + bytes);
    this.#end = at + bytes;
    return at;
  }

  #release(block: { at: number; bytes: number }): void {
    const all = [...this.#free, block].sort((a, b) => a.at - b.at);
    this.#free = [];
    for (const b of all) {
      const last = this.#free[this.#free.length - 1];
      if (last && last.at + last.bytes === b.at) last.bytes += b.bytes;
      else this.#free.push({ ...b });
    }
    const last = this.#free[this.#free.length - 1];
    if (last && last.at + last.bytes === this.#end) {
      this.#end = last.at;
      this.#free.pop();
    }
  }

  #grow(bytes: number): void {
    if (bytes > MAX_BYTES) {
      throw new MarginError('memory', {
        path: 'book',
        got: bytes,
        expected: `at most ${MAX_BYTES} bytes`,
        hint: 'Split the accounts over several books',
      });
    }
    if (bytes > this.engine.buffer.byteLength) this.engine.grow(bytes);
  }

  /** Cuts the views of these sections and writes their pointers to the header. Pointers only change here. */
  #cut(these: readonly Section[] = sections): void {
    const { buffer, pow } = this.engine;
    this.#head = new Uint32Array(buffer, this.header, HEADER_WORDS);
    const cut: Partial<Record<Section, Record<string, AnyView>>> = {};
    for (const s of these) {
      const { columns, word } = LISTED[s];
      const offsets = this.#offsets(s);
      const rows = this.#length(s);
      const views: Record<string, AnyView> = {};
      columns.forEach(([name, c], i) => {
        const at = offsets[i] ?? 0;
        views[name] = new VIEWS[c.type](buffer, at, c.width * rows);
        this.#head[word + i] = at;
      });
      cut[s] = views;
    }
    this.#columns = { ...this.#columns, ...cut, pow } as Columns;
  }
}

/** Header word that holds the pointer of a column; exported for the test that holds assembly/abi.ts against the layout. */
export const pointerWord: (section: Section, name: string) => number = headerWord;
