// Four tests at a time, each with a tenant and a frozen clock of its own. Says which ids they saw.
import assert from "node:assert/strict";

const [origin, name] = process.argv.slice(2);

async function call(method, path, key, body) {
  const headers = { "Content-Type": "application/json", ...(key && { Authorization: `Bearer ${key}` }) };
  const answer = await fetch(origin + path, { method, headers, body: body && JSON.stringify(body) });
  const said = await answer.json();
  assert.equal(answer.ok, true, `${method} ${path}: ${answer.status} ${JSON.stringify(said)}`);
  return said;
}

async function test(number) {
  const settings = { seed: 7, name: `${name} ${number}`, ttl_seconds: 60 };
  const { api_key: key, now } = await call("POST", "/_mock/tenants", undefined, { clock: "frozen", settings });
  const ids = [];
  for (const _ of [1, 2]) ids.push((await call("POST", "/v1/streams", key)).id);
  await call("POST", `/_mock/streams/${ids[0]}/play`, key, { seconds: 10 + number, fps: 5 });
  await call("POST", "/_mock/model/replies", key, { reply: { text: settings.name } });
  const messages = [{ role: "user", content: "Who is there?" }];
  const chat = await call("POST", "/v1/chat/completions", key, { model: "Qwen/Qwen3.5-9B", messages });
  assert.equal(chat.choices[0].message.content, settings.name);
  assert.deepEqual((await call("GET", "/_mock/streams", key)).map((stream) => stream.stream_id), ids);
  assert.equal(Date.parse((await call("GET", "/_mock/clock", key)).now) - Date.parse(now), (10 + number) * 1000);
  await call("POST", "/_mock/clock/advance", key, { seconds: 50 - number });
  const ended = (await call("GET", "/_mock/journal?event=StreamEnded", key)).entries;
  assert.deepEqual(ended.map((entry) => entry.stream_id).sort(), [...ids].sort());
  const verdict = await call("DELETE", "/_mock/tenants", key);
  assert.equal(verdict.clean, true, JSON.stringify(verdict));
  return ids;
}

console.log(JSON.stringify({ ids: (await Promise.all([1, 2, 3, 4].map(test))).flat() }));
