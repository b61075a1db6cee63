// Sizes as text: what keeps an order or a withdrawal from being larger, and what a liquidation closes leg by leg.
import { money, quantity } from './amounts.js';
import type { CloseSizes } from './close-sizes.js';
import type { OrderSize, Size } from './sizes.js';

const BOUND: Record<Size['bound'], string> = {
  margin: 'more would leave too little margin',
  maxSize: 'the position may not be larger',
  balance: 'the balance has no more',
  none: 'nothing limits it',
};

/**
 * A largest order or withdrawal in words.
 * @example
 * console.log(sizeText(maxOrder(book, 'a1', { market: 'BTC-PERP', side: 'buy' })));
 */
export function sizeText(answer: Size | OrderSize): string {
  const { size, bound, health } = answer;
  const worth = 'notional' in answer ? ` at ${quantity(answer.price)}, worth ${money(answer.notional)}` : '';
  return `at most ${quantity(size)}${worth}: ${BOUND[bound]}; health ${money(health)} is left\n`;
}

/**
 * What a liquidation closes, in words: one line a leg, then whether it is enough.
 * @example
 * console.log(closeText(closeSizes(book, 'a1', [{ market: 'BTC-PERP' }])));
 */
export function closeText({ legs, feasible, health }: CloseSizes): string {
  const lines = legs.map(({ market, positionSide, size, capped, health: left }) => {
    const side = positionSide === 'net' ? '' : ` ${positionSide}`;
    const says = size === 0 ? 'nothing' : `${quantity(size)}${capped ? ', all that may be' : ''}`;
    return `  ${market}${side}: close ${says}; ${left < 0 ? `${money(-left)} short of the target` : 'the target is reached'}`;
  });
  const end = feasible ? 'enough' : 'not enough: the target is out of reach';
  return `${[...lines, `${end}; health ${money(health)}`].join('\n')}\n`;
}
