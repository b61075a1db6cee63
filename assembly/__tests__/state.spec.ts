// Column pointers of the book that is scanned: each from its own header word, all of them from the book opened last.
import * as abi from '../abi';
import * as at from '../margin/state';

/** Opens a header whose words are their own number, and `more`. */
function openNumbered(more: i32): void {
  const header = heap.alloc((<usize>abi.HEADER_WORDS) << 2);
  for (let word = 0; word < abi.HEADER_WORDS; word++) store<i32>(header + ((<usize>word) << 2), word + more);
  at.open(header);
  heap.free(header);
}

function points(column: usize, word: i32): void {
  expect<usize>(column).toBe(<usize>(word + 1000));
}

describe('columns', () => {
  it('are those of the book that was opened last', () => {
    openNumbered(5);
    openNumbered(1000);
    points(at.assetValue, abi.ASSET_VALUE);
    points(at.assetTierStart, abi.ASSET_TIER_START);
    points(at.assetTierCount, abi.ASSET_TIER_COUNT);
    points(at.assetDebtStart, abi.ASSET_DEBT_START);
    points(at.assetDebtCount, abi.ASSET_DEBT_COUNT);
    points(at.depositIndex, abi.ASSET_DEPOSIT_INDEX);
    points(at.borrowIndex, abi.ASSET_BORROW_INDEX);
    points(at.tierUpTo, abi.TIER_UP_TO);
    points(at.tierWeight, abi.TIER_WEIGHT);
    points(at.tierOffset, abi.TIER_OFFSET);
    points(at.marketValue, abi.MARKET_VALUE);
    points(at.marketBase, abi.MARKET_BASE);
    points(at.marketMultiplier, abi.MARKET_MULTIPLIER);
    points(at.marketQuote, abi.MARKET_QUOTE);
    points(at.marketSided, abi.MARKET_SIDED);
    points(at.marketRounding, abi.MARKET_ROUNDING);
    points(at.marketWindow, abi.MARKET_WINDOW);
    points(at.bucketFirst, abi.BUCKET_FIRST);
    points(at.marketPpm, abi.MARKET_PPM);
    points(at.longPair, abi.LINE_LONG_PAIR);
    points(at.longEnd, abi.LINE_LONG_END);
    points(at.shortPair, abi.LINE_SHORT_PAIR);
    points(at.shortEnd, abi.LINE_SHORT_END);
    points(at.lineUpTo, abi.LINE_UP_TO);
    points(at.lineAbove, abi.LINE_ABOVE);
    points(at.unitBalanceStart, abi.UNIT_BALANCE_START);
    points(at.unitBalanceCount, abi.UNIT_BALANCE_COUNT);
    points(at.unitPositionStart, abi.UNIT_POSITION_START);
    points(at.unitPositionCount, abi.UNIT_POSITION_COUNT);
    points(at.balanceAsset, abi.BALANCE_ASSET);
    points(at.balancePositions, abi.BALANCE_POSITIONS);
    points(at.balanceAmount, abi.BALANCE_AMOUNT);
    points(at.positionKey, abi.POSITION_KEY);
    points(at.positionOrder, abi.POSITION_ORDER);
    points(at.positionSize, abi.POSITION_SIZE);
    points(at.positionCost, abi.POSITION_COST);
    points(at.positionFunding, abi.POSITION_FUNDING);
    points(at.positionOwnRate, abi.POSITION_OWN_RATE);
    points(at.orderBidSize, abi.ORDER_BID_SIZE);
    points(at.orderBidNotional, abi.ORDER_BID_NOTIONAL);
    points(at.orderBidWorst, abi.ORDER_BID_WORST);
    points(at.orderAskSize, abi.ORDER_ASK_SIZE);
    points(at.orderAskNotional, abi.ORDER_ASK_NOTIONAL);
    points(at.orderAskWorst, abi.ORDER_ASK_WORST);
    points(at.orderCount, abi.ORDER_COUNT);
    points(at.scratchHeld, abi.SCRATCH_HELD);
  });
});
