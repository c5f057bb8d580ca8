# What happens at a head: it predicts, a code is drawn of that, and what the code means is fed back.
def logits(self, h: Tensor, silent: int, output: Weights) -> Tensor:
  if silent > 0:
    h = torch.slice(h, 1, silent).contiguous()
  return self.linear(h, output, 0)  # [b,t-silent,K]

def feed(self, h: Tensor, code: Tensor, silent: int, table: Weights) -> Tensor:
  fed = torch.add(torch.slice(h, 1, silent), torch.embedding((table[0])[0], code))
  if silent > 0:
    fed = torch.cat([torch.slice(h, 1, 0, silent), fed], 1)
  return fed  # [b,t,d]

# Temperature, then top-k, then top-p (REFERENCE B.5); what is dropped gets a logit whose exponential is exactly 0.
def distribution(self, x: Tensor, temperature: float, k: int, p: float, strict: bool) -> Tensor:
  if temperature != 1.:
    x = torch.div(x, temperature)  # [n,K]
  if k > 0 and k < x.size(1):
    largest, _ = torch.topk(x, k, 1)
    x = torch.masked_fill(x, torch.lt(x, torch.slice(largest, 1, k - 1, k)), -3e38)
  if p < 1.:
    sorted, order = torch.sort(x, stable=True, dim=1, descending=True)
    sums = torch.cumsum(torch.softmax(sorted, 1), 1)
    before = torch.constant_pad_nd(torch.slice(sums, 1, 0, -1), [1, 0], -1.)  # the first always stays
    drop = torch.ge(before, p) if strict else torch.gt(before, p)
    x = torch.masked_fill(x, torch.scatter(torch.zeros_like(drop), 1, order, drop), -3e38)
  return torch.softmax(x, 1)

def guided(self, x: Tensor, n: int, guidance: float) -> Tensor:
  if x.size(0) == n or guidance <= 1.:
    return torch.slice(x, 0, 0, n)
  u = torch.slice(x, 0, n, 2 * n)
  return torch.add(u, torch.mul(torch.sub(torch.slice(x, 0, 0, n), u), guidance))

def pick(self, logits: Tensor, codes: Tensor, uniforms: Tensor, position: int, depth: int, guidance: float, temperature: float, k: int, p: float, strict: bool, greedy: bool) -> Tensor:
  n = codes.size(0)
  x = self.guided(torch.select(logits, 1, -1), n, guidance)  # [n,K]
  if greedy:
    code = torch.argmax(x, 1, True)  # [n,1]
  else:
    sums = torch.cumsum(self.distribution(x, temperature, k, p, strict).to(7), 1)
    u = torch.select(torch.select(uniforms, 0, position), 0, depth).unsqueeze(1)  # [n,1]
    code = torch.searchsorted(sums, torch.mul(u, torch.slice(sums, 1, -1)), right=True)
  kept = torch.copy_(torch.slice(torch.select(codes, 2, depth), 1, position, position + 1), code)
  if logits.size(0) > n:
    code = torch.cat([code, code])
  return code  # [n or 2n,1]

# Checks what a backbone hands on: in a program of several steps nobody else can look.
def draw(self, h: Tensor, normed: Tensor, rows: int, tokens: int, silent: int, output: Weights, table: Weights, feeds: bool, codes: Tensor, uniforms: Tensor, position: int, depth: int, guidance: float, temperature: float, k: int, p: float, strict: bool, greedy: bool) -> Tensor:
  shape = [rows, tokens, (table[0])[0].size(1)]
  assert h.size() == shape and normed.size() == shape and h.dtype == 6 and normed.dtype == 6, "not a hidden state"
  code = self.pick(self.logits(normed, silent, output), codes, uniforms, position, depth, guidance, temperature, k, p, strict, greedy)
  if feeds:
    h = self.feed(h, code, silent, table)
  return h  # [b,t,d]
