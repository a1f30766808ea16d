import Autograd

/// Images, moved by affine maps of the plane: the pixel of a result at (x, y) has the value of the
/// image at the place
///
///     x′ = M₀₀ x + M₀₁ y + M₀₂
///     y′ = M₁₀ x + M₁₁ y + M₁₂
///
/// with the coordinates of ``pixelCoordinates(height:width:dataType:)``, from −1 at the centres of
/// the first column and row to 1 at those of the last, y downwards. So a map says where each pixel
/// comes from, and what is seen moves by its inverse: a factor of 2 shows the image at half its size.
/// The same as `affine_grid` and `grid_sample` of PyTorch with `align_corners=True`. Differentiable
/// with respect to images and matrices (Jaderberg et al., "Spatial Transformer Networks",
/// arXiv:1506.02025, section 3).
///
/// Traps if shapes or types do not match, or if a matrix is not finite.
///
/// - Parameters:
///   - images: `[batch, channels, height, width]`.
///   - matrices: M, `[batch, 2, 3]`; see ``rotationMatrices(by:)``, ``scalingMatrices(by:)`` and
///     ``shiftMatrices(by:)``.
///   - size: of the results; by default that of the images.
///   - border: what is seen outside of the image.
public func affinelyWarped(
    _ images: Tensor, by matrices: Tensor, to size: Size2D? = nil, border: Border = .zero
) -> Tensor {
    guard images.rank == 4, matrices.shape == [images.shape[0], 2, 3],
        images.dataType == matrices.dataType, images.dataType.isFloatingPoint
    else {
        programmerError(
            "affinelyWarped",
            "\(images.dataType) images of shape \(images.shape) by \(matrices.dataType) matrices of "
                + "shape \(matrices.shape)")
    }
    let old = Size2D(height: images.shape[2], width: images.shape[3])
    let new = size ?? old
    let points = pixelCoordinates(
        height: new.height, width: new.width, dataType: images.dataType)
    let ones = Tensor.ones([points.shape[0], 1], dataType: images.dataType)
    let places = matmul(
        concatenated([points, ones], axis: 1), matrices, transposingRight: true)
    // From −1 … 1 to 0 … size − 1.
    let reach = Tensor([Double(old.width - 1) / 2, Double(old.height - 1) / 2])
        .cast(to: images.dataType)
    let coordinates = ((places + 1) * reach).reshaped(
        [images.shape[0], new.height, new.width, 2])
    return bilinearlySampled(images, at: coordinates, border: border)
}

/// The maps that turn points of the plane about the origin, from x towards y: `[batch]` angles θ in
/// radians become `[batch, 2, 3]`, (cos θ, −sin θ, 0) above (sin θ, cos θ, 0).
///
/// They are rotations of images whose sides are equal: coordinates are in units of half the sides.
public func rotationMatrices(by angles: Tensor) -> Tensor {
    check("rotationMatrices", angles, size: [])
    let (cosine, sine, zero) = (cos(angles), sin(angles), Tensor.zeros(like: angles))
    return matrices([cosine, -sine, zero, sine, cosine, zero])
}

/// The maps that multiply coordinates by factors: `[batch]` factors, or `[batch, 2]` along x and y,
/// become `[batch, 2, 3]`.
public func scalingMatrices(by factors: Tensor) -> Tensor {
    check("scalingMatrices", factors, size: factors.rank == 1 ? [] : [2])
    let along = factors.rank == 1 ? stacked([factors, factors], axis: 1) : factors
    let zero = Tensor.zeros([along.shape[0]], dataType: along.dataType)
    return matrices([along.column(0), zero, zero, zero, along.column(1), zero])
}

/// The maps that add shifts (Δx, Δy): `[batch, 2]` become `[batch, 2, 3]`.
public func shiftMatrices(by shifts: Tensor) -> Tensor {
    check("shiftMatrices", shifts, size: [2])
    let zero = Tensor.zeros([shifts.shape[0]], dataType: shifts.dataType)
    return matrices([1 + zero, zero, shifts.column(0), zero, 1 + zero, shifts.column(1)])
}

/// The affine maps that apply first `inner` and then `outer`, `[batch, 2, 3]` each.
public func affineComposition(_ outer: Tensor, _ inner: Tensor) -> Tensor {
    guard outer.rank == 3, outer.shape == inner.shape, outer.shape[1...] == [2, 3],
        outer.dataType == inner.dataType
    else {
        programmerError(
            "affineComposition",
            "maps of \(outer.dataType) of shape \(outer.shape) and of \(inner.dataType) of shape "
                + "\(inner.shape)")
    }
    let (turn, shift) = (outer.sliced(axis: 2, 0..<2), outer.sliced(axis: 2, 2..<3))
    return matmul(turn, inner) + shift.padded([(0, 0), (0, 0), (2, 0)])
}

private func check(_ operation: String, _ numbers: Tensor, size: [Int]) {
    guard numbers.rank == 1 + size.count, Array(numbers.shape.dropFirst()) == size,
        numbers.dataType.isFloatingPoint
    else {
        programmerError(
            operation,
            "\(numbers.dataType) numbers of shape \(numbers.shape), not "
                + (["batch"] + size.map { "\($0)" }).description)
    }
}

/// `[batch, 2, 3]` from the six elements, row by row, `[batch]` each.
private func matrices(_ elements: [Tensor]) -> Tensor {
    stacked(elements, axis: 1).reshaped([elements[0].count, 2, 3])
}

extension Tensor {
    fileprivate func column(_ index: Int) -> Tensor {
        sliced(axis: 1, index..<index + 1).squeezed(axes: [1])
    }
}
