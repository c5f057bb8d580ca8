def gradients(self, loss: Tensor, arrays: List[Tensor]) -> List[Tensor]:
  found = torch.autograd.grad([loss], arrays)
  out = annotate(List[Tensor], [])
  for g in found:
    out.append(unchecked_cast(Tensor, g).contiguous())
  return out
