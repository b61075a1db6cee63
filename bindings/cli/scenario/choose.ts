// --model: margins accounts by another model than the book says, a preset, a file, or one of the book's own. The book is changed
// before it is read, so that its door checks the model and what accounts hold.
import { existsSync } from 'node:fs';
import { isObject } from '../../book/fields.js';
import { readJSON } from '../../book/json.js';
import { nearest } from '../../book/nearest.js';
import type { AccountJSON, BookJSON } from '../../book/types.js';
import { MarginError } from '../../errors.js';
import type { ModelJSON } from '../../scenario.js';
import { type Input, namesIn, type Option, suggest, UsageError } from '../command.js';
import { readText } from '../files.js';
import { isPreset, presetModel, presetNames } from './presets.js';

/** Of a command that is told the account. */
export const MODEL: Record<string, Option> = {
  model: {
    value: 'model',
    help: 'margin by this model instead of what the book says: a preset, a file of a model (JSON), or an id of the book',
  },
  'model-option': { value: 'key=value', many: true, help: 'option of the preset; once for each' },
  models: { alone: true, help: 'the presets of --model, with version, date and source' },
};

/** And of one that reads all of them. */
export const MODEL_OPTIONS: Record<string, Option> = {
  ...MODEL,
  account: { value: 'ids', help: 'with --model: these accounts only, separated by commas (default: all)' },
};

/** Where a refused model is said to be. */
const PATH = '--model';

/** What is to margin which accounts. */
export interface ModelChoice {
  /** As it was written. */
  name: string;
  /** A model of its own; or none: an id of the book. */
  model: ModelJSON | null;
  /** Accounts that it margins; null: all. */
  accounts: string[] | null;
}

function fileModel(path: string): ModelJSON {
  let json: unknown;
  try {
    json = readJSON(readText(path), PATH);
  } catch (error) {
    throw error instanceof MarginError ? error.with({ hint: `Check the file ${path}` }) : error;
  }
  if (!isObject(json) || json.requirement === undefined) {
    throw new UsageError(
      `--model ${path}: this is not a model`,
      'A file of a model holds one object with "id", "scenarios" and "requirement"',
    );
  }
  return json as unknown as ModelJSON;
}

export interface ChoiceTerms {
  /** --account also means something without --model. */
  accountAlone?: boolean;
  /** Accounts that --model is for where the command knows them. */
  accounts?: string[];
}

/** The model that the flags ask for. @throws UsageError */
export function modelChoice(input: Input, terms: ChoiceTerms = {}): ModelChoice | null {
  const name = input.text('model');
  const words = input.list('model-option');
  const ids = input.text('account');
  if (name === undefined) {
    if (words.length > 0) throw new UsageError('--model-option needs --model', 'report --models has the presets');
    if (ids !== undefined && !terms.accountAlone)
      throw new UsageError('--account needs --model', 'It says which accounts that model is to margin');
    return null;
  }
  const accounts = ids === undefined ? (terms.accounts ?? null) : namesIn(ids);
  if (isPreset(name)) return { name, model: presetModel(name, words), accounts };
  if (words.length > 0) {
    throw new UsageError(`--model-option is for presets, and ${name} is none`, suggest(name, presetNames));
  }
  if (name === '-' || existsSync(name)) return { name, model: fileModel(name), accounts };
  return { name, model: null, accounts };
}

/** Whether an object looks like a book: what is wrong with any other is said by its door. */
const isBook = (json: unknown): json is BookJSON =>
  isObject(json) && Array.isArray(json.accounts) && (json.models === undefined || Array.isArray(json.models));

function idOf(choice: ModelChoice, models: readonly ModelJSON[]): string {
  const ids = models.map(({ id }) => id);
  if (choice.model) return ids.includes(choice.model.id) ? `${choice.model.id} of ${PATH}` : choice.model.id;
  if (ids.includes(choice.name)) return choice.name;
  const near = nearest(choice.name, [...presetNames, ...ids]);
  throw new UsageError(
    `--model ${choice.name}: neither a preset, nor a file, nor a model of the book`,
    near
      ? `Did you mean ${near}?`
      : `Presets: ${presetNames.join(', ')}${ids.length > 0 ? `; of the book: ${ids.join(', ')}` : ''}`,
  );
}

function checkAccounts(wanted: readonly string[], accounts: readonly AccountJSON[]): void {
  const ids = new Set(accounts.map((account) => account?.id));
  for (const id of wanted) {
    if (ids.has(id)) continue;
    const near = nearest(id, ids);
    throw new UsageError(`--account ${id}: the book has no such account`, near ? `Did you mean ${near}?` : undefined);
  }
}

/**
 * A book whose accounts are margined as the flags say.
 * @param read - makes a book of JSON
 * @throws UsageError; MarginError whose path starts with --model where the model is wrong
 */
export function margined<T>(json: unknown, choice: ModelChoice, read: (json: BookJSON) => T): T {
  if (!isBook(json)) return read(json as BookJSON);
  const models = json.models ?? [];
  const id = idOf(choice, models);
  if (choice.accounts) checkAccounts(choice.accounts, json.accounts);
  const chosen = choice.accounts && new Set(choice.accounts);
  const accounts = json.accounts.map((account) =>
    !chosen || chosen.has(account?.id) ? { ...account, model: id } : account,
  );
  try {
    return read({ ...json, models: choice.model ? [...models, { ...choice.model, id }] : models, accounts });
  } catch (error) {
    const here = `models[${models.length}]`;
    if (!(error instanceof MarginError) || !choice.model || !error.path?.startsWith(here)) throw error;
    throw error.with({ path: `${PATH}${error.path.slice(here.length)}` });
  }
}
