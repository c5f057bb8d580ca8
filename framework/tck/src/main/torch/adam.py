def step(self, ps: List[Tensor], gs: List[Tensor], ms: List[Tensor], vs: List[Tensor], step: int, rate: float) -> Tensor:
  for i in range(len(ps)):
    ms[i].mul_(0.9).add_(gs[i], alpha=0.1)
    vs[i].mul_(0.99).addcmul_(gs[i], gs[i], value=0.01)
    m = torch.div(ms[i], 1. - 0.9 ** (step + 1))
    v = torch.div(vs[i], 1. - 0.99 ** (step + 1))
    ps[i].detach().addcdiv_(m, torch.add(torch.sqrt(v), 1e-08), value=-rate)
  return torch.zeros([1], device=ps[0].device)
