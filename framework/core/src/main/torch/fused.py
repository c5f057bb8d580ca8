# Everything that one position takes, by hand and in one call: what a seam between plugins is compared with.
# One layer's weights stand in this order: attention_norm, wqkv, wo, ffn_norm, w1, w3, w2; a head's: norm, output.
def position(self, codes: Tensor, labels: Tensor, uniforms: Tensor, table: Tensor, cache: Tensor, layers: Weights, heads: Weights, tables: Weights, p: int, attention: int, taps: List[int], guidance: float, greedy: bool, half: bool) -> Tensor:
  n = codes.size(0)
  if p == 0:
    h = torch.embedding((tables[0])[0], labels).unsqueeze(1)
  else:
    last = torch.select(codes, 1, p - 1)
    h = torch.embedding((tables[0])[1], torch.slice(last, 1, 0, 1))
    for k in range(1, len(taps)):
      h = torch.add(h, torch.embedding((tables[0])[1 + k], torch.slice(last, 1, k, k + 1)))
    if guidance > 1.:
      h = torch.cat([h, h])
  b, t, d = h.size()
  turn = torch.view_as_complex(torch.slice(table, 0, p, p + 1).clone())  # [1,head/2]
  all = torch.flatten(cache, 0, 1)  # keys, values of each layer, [2·layers,b,heads,S,head]
  past = torch.unbind(torch.slice(all, 3, 0, p + 1))
  fresh = torch.unbind(torch.select(all, 3, p))
  eps = torch.full([1], 1e-05, device=codes.device)
  k = 0
  for i in range(len(layers[0]) // 7):
    j = 7 * i
    x = self.rms_norm(h, (layers[0])[j], eps)
    qkv = self.inner(x, layers, j + 1).to(6).view([b, 3, attention, d // attention]).transpose(1, 2)
    v = torch.select(qkv, 2, 2)  # [b,heads,head]
    pairs = torch.view_as_complex(torch.slice(qkv, 2, 0, 2).view([b, attention, 2, -1, 2]))
    qk = torch.flatten(torch.view_as_real(torch.mul(pairs, turn)), 3)
    if half:
      qk = qk.to(15)
      v = v.to(15)
    q, key = torch.unbind(qk, 2)  # [b,heads,head]
    stored = torch.copy_(fresh[2 * i], key)
    stored = torch.copy_(fresh[2 * i + 1], v)
    a = torch.scaled_dot_product_attention(q.unsqueeze(2), past[2 * i], past[2 * i + 1])
    h = torch.add(h, self.inner(a.reshape([b, 1, d]), layers, j + 2))
    x = self.narrow(self.rms_norm(h, (layers[0])[j + 3], eps))
    x = torch.mul(torch.silu(self.inner(x, layers, j + 4)), self.inner(x, layers, j + 5))
    h = torch.add(h, self.inner(x, layers, j + 6))
    if k < len(taps):
      if taps[k] == i:
        x = self.linear(self.rms_norm(h, (heads[0])[2 * k], eps), heads, 2 * k + 1).squeeze(1)
        if guidance > 1.:
          u = torch.slice(x, 0, n, 2 * n)
          x = torch.add(u, torch.mul(torch.sub(torch.slice(x, 0, 0, n), u), guidance))
        if greedy:
          code = torch.argmax(x, 1, True)
        else:
          sums = torch.cumsum(torch.softmax(x, 1).to(7), 1)
          draw = torch.select(torch.select(uniforms, 0, p), 0, k).unsqueeze(1)
          code = torch.searchsorted(sums, torch.mul(draw, torch.slice(sums, 1, -1)), right=True)
        stored = torch.copy_(torch.slice(torch.select(codes, 2, k), 1, p, p + 1), code)
        if k + 1 < len(taps):
          if guidance > 1.:
            code = torch.cat([code, code])
          h = torch.add(h, torch.embedding((tables[0])[1 + k], code))
        k = k + 1
  return codes
