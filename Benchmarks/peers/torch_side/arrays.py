"""Arrays as tensors, images with their channels last, and back."""

import numpy as np
import torch


def tensors(arrays):
    def tensor(array):
        tensor = torch.from_numpy(np.array(array, copy=True))
        return channels_last(tensor.long() if array.dtype == np.int32 else tensor)

    return {name: tensor(array) for name, array in arrays.items()}


def channels_last(tensor):
    is_image = tensor.dim() == 4 and tensor.shape[2] == tensor.shape[3]
    return tensor.to(memory_format=torch.channels_last) if is_image else tensor


def arrays(tensors):
    return [t.detach().contiguous().numpy() for t in tensors]
