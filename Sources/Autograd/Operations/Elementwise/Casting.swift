import KernelInterface

extension Tensor {
    /// The tensor converted to another data type. Conversion to integers truncates towards zero and
    /// saturates at the type's limits, also for infinities; NaN becomes 0. As `bool`, an element is
    /// true if it is not 0; NaN is true. As `float16` or `bfloat16`, which only store, a number is
    /// rounded to the nearest one, of two to that whose last bit is 0, and what is too large becomes
    /// infinite. Casts between `float32` and `float64` are differentiable; casts to other types have
    /// no derivative, and trap on a watched tensor.
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
