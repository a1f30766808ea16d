import KernelInterface

extension Tensor {
    /// The tensor as another data type. Integers are cut towards zero; what is beyond their
    /// type's least or greatest, infinities too, becomes that, and not-a-number becomes 0. `bool`
    /// is whether an element is not 0; not-a-number is true. Between floating-point types there
    /// is a derivative; to others the cast has no derivative, and traps on a watched tensor.
    public func cast(to type: DataType) -> Tensor {
        guard type != dataType else { return self }
        if !type.isFloatingPoint { notDifferentiable("cast", self) }
        return differentiable("cast", self) { x in
            if let result = Expression.deferring(.convert, type, x.shape, count: x.count, { [x] }) {
                return result
            }
            return Tensor(type, x.shape) { output in
                inParallel(x.count, grain: elementwiseGrain) { range in
                    kernels.convert(
                        x.dataType, type,
                        x.storage.pointer + range.lowerBound * x.dataType.size,
                        output.pointer + range.lowerBound * type.size, range.count)
                }
            }
        } pullback: { x, _ in
            let type = x.dataType
            return .elementwise { cotangent in cotangent.cast(to: type) }
        }
    }
}
