/** Age groups in which the slots of all replicas are counted. */
export const ageGroups = 12;

/**
 * Applies the rule of `createCallWindow` to the slots of all replicas, by Redis's clock. First adds the slots that this
 * replica took without Redis; replies LOST if Redis does not have the slot that this replica knows it had. Grants at most
 * `count` slots, and more than one only within the burst.
 *
 * KEYS: slots, pause. ARGV: limit, burst, window, urgent, count, known slot or '', number of slots to add, the ticket and age
 * of each of them, then the tickets to grant. Replies with the outcome, the wait in milliseconds, the number of slots
 * granted, and the number of slots in each age group, newest first.
 */
export const takeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local limit, burst, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local added = tonumber(ARGV[7])
for index = 1, added do
  redis.call('ZADD', KEYS[1], 'NX', now - ARGV[7 + 2 * index], ARGV[6 + 2 * index])
end
if added > 0 then redis.call('PEXPIRE', KEYS[1], window) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
local used = redis.call('ZCARD', KEYS[1])
if ARGV[6] ~= '' and not redis.call('ZSCORE', KEYS[1], ARGV[6]) then return {'LOST'} end
local function reply(outcome, wait, granted)
  local found = {outcome, wait, granted}
  local group = window / ${ageGroups}
  for index = 0, ${ageGroups - 1} do
    found[4 + index] = redis.call('ZCOUNT', KEYS[1], '(' .. (now - group * (index + 1)), now - group * index)
  end
  return found
end
local function at(index) return tonumber(redis.call('ZRANGE', KEYS[1], index, index, 'WITHSCORES')[2]) end
local paused = redis.call('PTTL', KEYS[2])
if paused > 0 then return reply('ASKED_TO_WAIT', paused, 0) end
if tonumber(ARGV[5]) == 0 then return reply('TAKEN', 0, 0) end
local free = limit - used
if free <= 0 then return reply('SPENT', at(math.min(used - 1, used - limit)) + window - now, 0) end
if ARGV[4] == '0' and used >= burst and used > 0 and free <= used then
  local newest = at(-1)
  local wait = math.ceil(newest + (at(free - 1) + window - newest) / (2 * free) - now)
  if wait > 0 then return reply('SPREAD', wait, 0) end
end
local granted = math.min(tonumber(ARGV[5]), free, math.max(1, burst - used))
for index = 1, granted do
  redis.call('ZADD', KEYS[1], now, ARGV[7 + 2 * added + index])
end
redis.call('PEXPIRE', KEYS[1], window)
return reply('TAKEN', 0, granted)`;

/** Makes a slot count from now, by Redis's clock. KEYS: slots. ARGV: ticket. */
export const countFromNowScript = `
local time = redis.call('TIME')
return redis.call('ZADD', KEYS[1], 'XX', time[1] * 1000 + math.floor(time[2] / 1000), ARGV[1])`;
