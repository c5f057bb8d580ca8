def bfloat16(self) -> Tensor:
  return torch.full([], 1. if ops.mkldnn._is_mkldnn_bf16_supported() else 0.)
