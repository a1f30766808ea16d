import Autograd

/// The coordinates of the pixels of an image, `[height · width, 2]`: x and y of each, row by row,
/// from −1 at the first column and row to 1 at the last; 0 if there is only one. Traps if a side
/// is not positive.
public func pixelCoordinates(height: Int, width: Int, dataType: DataType = .float32) -> Tensor {
    guard height > 0, width > 0 else {
        programmerError("pixelCoordinates", "an image of \(height) × \(width) pixels")
    }
    func places(_ count: Int) -> Tensor {
        count == 1
            ? Tensor.zeros([1], dataType: dataType)
            : Tensor.linearSpace(from: -1, through: 1, count: count, dataType: dataType)
    }
    let x = places(width).broadcast(to: [height, width])
    let y = places(height).expandingAxis(1).broadcast(to: [height, width])
    return stacked([x, y], axis: 2).reshaped([height * width, 2])
}

extension Tensor {
    /// Points of the plane, rotated about the origin and then shifted, by one angle and one shift
    /// for each sample, as in decoders with explicit rotation (Bepler et al., "Explicitly
    /// disentangling image content from translation and rotation with spatial-VAE",
    /// arXiv:1909.11663, section 2.2): `[points, 2]` becomes `[batch, points, 2]`. Traps if the
    /// shapes do not match.
    ///
    ///     x′ = x cos θ − y sin θ + Δx
    ///     y′ = x sin θ + y cos θ + Δy
    ///
    /// - Parameters:
    ///   - angles: θ in radians, `[batch]`.
    ///   - shifts: (Δx, Δy), `[batch, 2]`.
    public func rotated(by angles: Tensor, shiftedBy shifts: Tensor) -> Tensor {
        guard rank == 2, shape[1] == 2, angles.rank == 1, shifts.shape == [angles.count, 2] else {
            programmerError(
                "rotated",
                "points of shape \(shape), angles of \(angles.shape) and shifts of "
                    + "\(shifts.shape)")
        }
        // With a third coordinate of 1 the shift is the third row of the matrix.
        let motion = concatenated([rotations(by: angles), shifts.expandingAxis(1)], axis: 1)
        let ones = Tensor.ones([shape[0], 1], dataType: dataType)
        return matmul(concatenated([self, ones], axis: 1), motion)
    }
}

/// The matrices that rotate points on their left by angles in radians, `[batch]` to `[batch, 2, 2]`.
func rotations(by angles: Tensor) -> Tensor {
    let (cosine, sine) = (cos(angles), sin(angles))
    return stacked([cosine, sine, -sine, cosine], axis: 1).reshaped([-1, 2, 2])
}
