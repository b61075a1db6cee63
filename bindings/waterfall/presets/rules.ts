// Rules of a preset as its caller gives them: a misspelt one would leave a cap or a fund at its default, and nobody would know.
import { checkKeys } from '../../trial.js';
import { about } from './about.js';
import type { PresetName } from './index.js';

/** @throws MarginError type, unknown-key */
export function rulesOf<R extends object>(name: PresetName, rules: R): R {
  checkKeys(rules, 'rules', Object.keys(about[name].rules));
  return rules;
}
