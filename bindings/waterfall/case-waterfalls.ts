// The waterfalls that a case names: lists of stages in units, or presets with rules of the case's own.

import { isObject } from '../book/fields.js';
import { nearest } from '../book/nearest.js';
import { MarginError } from '../errors.js';
import { Row } from '../venues/rows.js';
import { amountIn, priceIn, type Unit } from './case-units.js';
import { about } from './presets/about.js';
import { type PresetName, presetMakers, presets as published } from './presets/index.js';
import { COLLATERAL, MAKER_TOKEN } from './presets/lending.js';
import type { Stage } from './stage.js';

/** Values of an object changed one by one. */
export const mapped = (row: Row, of: (value: unknown, key: string, path: string) => unknown): Record<string, unknown> =>
  Object.fromEntries(row.entries().map(([key, value]) => [key, of(value, key, row.at(key))]));

/** A waterfall as the case says it: stages in units, or a preset, whose stages are in minor units already. */
export interface Draft {
  name: string;
  path: string;
  stages: readonly unknown[];
  converted?: (unit: Unit) => readonly Stage[];
}

/** @param presets - further ones @throws MarginError type, missing-key, unknown-key, unknown-id, duplicate */
export function draftsOf(row: Row, presets: readonly string[]): Draft[] {
  const drafts: Draft[] = [];
  const add = (value: unknown, path: string, otherwise: string): void => {
    const draft = draftOf(value, path, otherwise);
    if (drafts.some(({ name }) => name === draft.name)) {
      throw new MarginError('duplicate', { path, got: draft.name, expected: 'a name that no other waterfall has' });
    }
    drafts.push(draft);
  };
  if (row.has('stages')) add(row.raw('stages'), 'stages', 'stages');
  const compare = row.has('compare') ? row.raw('compare') : [];
  if (!Array.isArray(compare)) {
    throw new MarginError('type', { path: 'compare', got: compare, expected: 'a list of presets or lists of stages' });
  }
  compare.forEach((value: unknown, i) => {
    add(value, `compare[${i}]`, `compare ${i + 1}`);
  });
  for (const name of presets) if (!drafts.some((draft) => draft.name === name)) add(name, '--compare', name);
  if (drafts.length === 0) row.need('stages', 'the name of a preset, or a list of stages');
  return drafts;
}

function draftOf(value: unknown, path: string, otherwise: string): Draft {
  if (typeof value === 'string') return presetOf(value, undefined, path, value);
  if (Array.isArray(value)) return { name: otherwise, path, stages: value };
  if (!isObject(value)) {
    throw new MarginError('type', { path, got: value, expected: 'the name of a preset, or a list of stages' });
  }
  if (!('preset' in value)) {
    const row = new Row(value, path, ['name', 'stages', 'preset', 'rules']);
    if (row.has('rules')) {
      throw new MarginError('conflict', { path: row.at('rules'), expected: 'a preset, whose rules they are' });
    }
    const stages = row.need('stages', 'a list of stages, or "preset"');
    if (!Array.isArray(stages)) {
      throw new MarginError('type', { path: row.at('stages'), got: stages, expected: 'a list of stages' });
    }
    return { name: row.has('name') ? row.text('name') : otherwise, path: row.at('stages'), stages };
  }
  const row = new Row(value, path, ['preset', 'rules', 'name']);
  const preset = row.text('preset');
  const name = row.has('name') ? row.text('name') : row.has('rules') ? `${preset}, own rules` : preset;
  return presetOf(preset, row.has('rules') ? row : undefined, row.at('preset'), name);
}

/** @param own - the object that has rules */
function presetOf(preset: string, own: Row | undefined, path: string, name: string): Draft {
  const known = Object.keys(presetMakers);
  if (!known.includes(preset)) {
    const near = nearest(preset, known);
    throw new MarginError('unknown-id', {
      path,
      got: preset,
      expected: `a preset: ${known.join(', ')}`,
      ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
    });
  }
  const stages = published[preset as PresetName];
  const draft = { name, path: `presets.${preset}`, stages };
  if (!own) return { ...draft, converted: () => stages };
  const kinds = about[preset as PresetName].rules;
  const rules = own.row('rules', Object.keys(kinds));
  const make = presetMakers[preset as PresetName] as (rules: object) => Stage[];
  const converted = (unit: Unit): Stage[] =>
    make(
      mapped(rules, (value, key, at) => {
        if (kinds[key] === 'amount') return amountIn(unit, value, at);
        if (kinds[key] === 'price' && !isObject(value)) {
          return priceIn(unit, String(rules.raw('collateral') ?? COLLATERAL), value, at);
        }
        if (kinds[key] === 'token')
          return amountIn({ ...unit, asset: String(rules.raw('token') ?? MAKER_TOKEN) }, value, at);
        return value;
      }),
    );
  return { ...draft, converted };
}
