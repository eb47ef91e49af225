/** A sealed token of 8,192 characters has some 11,000; of what is larger nothing is read. */
const sealedCharactersMax = 65_536;

/** The token and fence that are in force. */
export const lookScript = `
if redis.call('HSTRLEN', KEYS[1], 'token') > ${sealedCharactersMax} then return {false, false} end
return redis.call('HMGET', KEYS[1], 'token', 'fence')`;

/** Puts a token in force unless one of a later fence is; answers the token and fence in force then. */
export const storeScript = `
local fence = tonumber(redis.call('HGET', KEYS[1], 'fence') or '-1')
if fence <= tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[1], 'token', ARGV[1], 'fence', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end${lookScript}`;

/** Puts a token back that Redis has lost, or has an older one of; answers the token and fence that are in force. */
export const publishScript = `
if tonumber(redis.call('HGET', KEYS[1], 'fence') or '-1') < tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[1], 'token', ARGV[1], 'fence', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
if tonumber(redis.call('GET', KEYS[2]) or '0') < tonumber(ARGV[2]) then
  redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[4])
end${lookScript}`;
