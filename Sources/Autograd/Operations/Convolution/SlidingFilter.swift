/// A filter that slides along one axis or three, which convolutions of images compute: what is
/// refused is refused here, so that messages tell the shapes that were given.
struct SlidingFilter {
    let operation: StaticString
    let x: [Int]
    let filter: [Int]
    /// One number for each axis that the filter slides along.
    let stride: [Int]
    let padding: [Int]
    let dilation: [Int]
    let groups: Int

    /// Traps if the tensors have other axes than a batch, channels and those along which the filter
    /// slides, or differ in type; if a step is not possible, or sizes are so large that a product
    /// of two could overflow.
    init(
        _ operation: StaticString, _ x: Tensor, _ filter: Tensor, stride: [Int], padding: [Int],
        dilation: [Int], groups: Int
    ) {
        let axes = stride.count
        guard x.rank == axes + 2, filter.rank == axes + 2, filter.shape[2...].allSatisfy({ $0 > 0 })
        else {
            trap(
                operation,
                "expected x and a filter of \(axes + 2) axes, the filter not empty: \(x.shape) and "
                    + "\(filter.shape)")
        }
        guard x.dataType == filter.dataType, x.dataType.isFloatingPoint else {
            trap(operation, "not defined for \(x.dataType) and a filter of \(filter.dataType)")
        }
        guard (stride + dilation).allSatisfy({ $0 > 0 }), padding.allSatisfy({ $0 >= 0 }) else {
            trap(
                operation,
                "stride \(stride) and dilation \(dilation) must be positive, padding \(padding) "
                    + "not negative")
        }
        guard (x.shape + filter.shape + stride + padding + dilation).allSatisfy({ $0 <= 1 << 29 })
        else {
            trap(
                operation,
                "sizes beyond 2²⁹: x of shape \(x.shape), filter \(filter.shape), stride "
                    + "\(stride), padding \(padding), dilation \(dilation)")
        }
        guard groups > 0 else { trap(operation, "\(groups) groups: there must be one or more") }
        (self.operation, self.x, self.filter) = (operation, x.shape, filter.shape)
        (self.stride, self.padding, self.dilation) = (stride, padding, dilation)
        self.groups = groups
    }

    /// How many elements the filter spans along an axis.
    private func span(_ axis: Int) -> Int { dilation[axis] * (filter[axis + 2] - 1) + 1 }

    /// Traps if a convolution in so many groups does not take the channels of x.
    func checkChannels() {
        guard x[1] == filter[1] * groups, filter[0] % groups == 0 else {
            trap(
                operation,
                "a filter \(filter) in \(groups) groups takes \(filter[1] * groups) channels to "
                    + "outputs in equal parts, not x of shape \(x)")
        }
    }

    /// The outputs along each axis of a convolution. Traps if the channels do not fit, or the
    /// filter is larger than x with its padding.
    func outputs() -> [Int] {
        checkChannels()
        return stride.indices.map { axis in
            let room = x[axis + 2] + 2 * padding[axis] - span(axis)
            guard room >= 0 else {
                trap(
                    operation,
                    "a filter \(filter) with dilation \(dilation) spans more than x of shape \(x) "
                        + "with padding \(padding)")
            }
            return room / stride[axis] + 1
        }
    }

    /// The outputs along each axis of a transposed convolution. Traps if the channels do not fit,
    /// the output padding is not less than the stride, or nothing would be left.
    func transposedOutputs(outputPadding: [Int]) -> [Int] {
        guard x[1] == filter[0], filter[0] % groups == 0 else {
            trap(
                operation,
                "a filter \(filter) in \(groups) groups takes \(filter[0]) channels in equal "
                    + "parts, not x of shape \(x)")
        }
        guard zip(outputPadding, stride).allSatisfy({ (0..<$1).contains($0) }) else {
            trap(operation, "output padding \(outputPadding) is not less than stride \(stride)")
        }
        let sizes = stride.indices.map { axis in
            (x[axis + 2] - 1) * stride[axis] - 2 * padding[axis] + span(axis) + outputPadding[axis]
        }
        guard x[2...].allSatisfy({ $0 > 0 }), sizes.allSatisfy({ $0 > 0 }) else {
            trap(
                operation,
                "the result would have the sizes \(sizes): x of shape \(x), filter \(filter), "
                    + "stride \(stride), padding \(padding)")
        }
        return sizes
    }
}
