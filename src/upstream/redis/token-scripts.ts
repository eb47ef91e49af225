/** An encrypted token of 8,192 characters has about 11,000; larger values are not read. */
const encryptedCharactersMax = 65_536;

/** Returns the current token and its fence. */
export const readScript = `
if redis.call('HSTRLEN', KEYS[1], 'token') > ${encryptedCharactersMax} then return {false, false} end
return redis.call('HMGET', KEYS[1], 'token', 'fence')`;

/** Stores a token unless there is one with a larger fence; returns the token and fence that are then current. */
export const storeScript = `
local fence = tonumber(redis.call('HGET', KEYS[1], 'fence') or '-1')
if fence <= tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[1], 'token', ARGV[1], 'fence', ARGV[2], 'issued', ARGV[4])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end${readScript}`;

/**
 * Restores a token that Redis has lost or holds in an older version. If replicas requested several without Redis, it
 * keeps the newest. Returns the token and fence that are then current.
 */
export const restoreScript = `
local fence = tonumber(redis.call('HGET', KEYS[1], 'fence') or '-1')
local issued = tonumber(redis.call('HGET', KEYS[1], 'issued') or '0')
if fence < tonumber(ARGV[2]) or (fence == tonumber(ARGV[2]) and issued < tonumber(ARGV[5])) then
  redis.call('HSET', KEYS[1], 'token', ARGV[1], 'fence', ARGV[2], 'issued', ARGV[5])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
if tonumber(redis.call('GET', KEYS[2]) or '0') < tonumber(ARGV[2]) then
  redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[4])
end${readScript}`;
