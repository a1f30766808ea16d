import Autograd

/// Where the vectors of a code lie that are replaced by those of a codebook: in the channels of an image
/// code, `[batch, size, height, width]`, or one after another in a flat one, `[batch, places * size]`.
struct CodeLayout {
    /// Of the code.
    let shape: [Int]
    /// The numbers of a vector.
    let size: Int

    /// Traps if codes of this shape do not consist of such vectors.
    init(_ shape: [Int], size: Int) {
        let fits = shape.count == 4 ? shape[1] == size : shape.count == 2 && shape[1] % size == 0
        guard fits else {
            programmerError(
                "VectorQuantizer",
                "codes of shape \(shape) for vectors of \(size) numbers, expected [batch, \(size), "
                    + "height, width], or [batch, n] with a multiple of \(size)")
        }
        (self.shape, self.size) = (shape, size)
    }

    /// Of the codes that have so many vectors, `[batch, height, width]` or `[batch, places]`.
    init(grid: [Int], size: Int) {
        switch grid.count {
        case 2: self.init([grid[0], grid[1] * size], size: size)
        case 3: self.init([grid[0], size, grid[1], grid[2]], size: size)
        default:
            programmerError(
                "VectorQuantizer",
                "indices of shape \(grid), expected [batch, height, width] or [batch, places]")
        }
    }

    /// The shape of what there is one of for each vector.
    var grid: [Int] {
        shape.count == 4 ? [shape[0], shape[2], shape[3]] : [shape[0], shape[1] / size]
    }

    /// The vectors of a code, `[vectors, size]`, in the order of ``grid``.
    func vectors(of code: Tensor) -> Tensor {
        (shape.count == 4 ? code.transposed([0, 2, 3, 1]) : code).reshaped([-1, size])
    }

    /// The code of vectors.
    func code(of vectors: Tensor) -> Tensor {
        guard shape.count == 4 else { return vectors.reshaped(shape) }
        return vectors.reshaped(grid + [size]).transposed([0, 3, 1, 2])
    }
}
