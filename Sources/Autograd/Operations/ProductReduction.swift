import KernelInterface

extension Tensor {
    /// The product over some axes, or over all; 1 over no elements. Its derivatives, of any order,
    /// are right where factors are 0, too.
    ///
    /// - Parameters:
    ///   - axes: negative ones count from the end; all where not given.
    ///   - keepingAxes: whether reduced axes stay, with size 1.
    /// - Returns: the products. Traps on integers: cast them first.
    public func product(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        checkFloatingPoint("product")
        let axes = Shape.normalize(axes: axes, rank: rank, in: "product")
        let others = shape.indices.filter { !axes.contains($0) }
        let kept = others.map { shape[$0] }
        // `[…, factors]`
        let factors = transposed(others + axes)
            .reshaped(kept + [axes.reduce(1) { $0 * shape[$1] }])
        return factors.productOfRows()
            .reshaped(Shape.removing(axes: axes, from: shape, keeping: keepingAxes))
    }

    /// The products along the last axis.
    private func productOfRows() -> Tensor {
        let kept = Array(shape.dropLast())
        let products = rowProducts(stopGradient(self), kept)
        let magnitudes = abs(products)
        let isDivisible = (magnitudes .>= dataType.leastDivisible) .& (magnitudes .< .infinity)
        guard isDivisible.all().scalar == 1 else { return productByHalves() }
        return differentiable("product", self) { _ in
            products
        } pullback: { x, y in
            { cotangent in (cotangent * y).expandingAxis(-1) / x }
        }
    }

    /// One half of the factors times the other until one is left: no derivative divides by one.
    private func productByHalves() -> Tensor {
        let last = rank - 1
        var factors = self
        while factors.shape[last] > 1 {
            let half = factors.shape[last] / 2
            let product =
                factors.sliced(axis: last, 0..<half) * factors.sliced(axis: last, half..<2 * half)
            let rest = factors.sliced(axis: last, 2 * half..<factors.shape[last])
            factors =
                rest.shape[last] > 0 ? concatenated([product, rest], axis: last) : product
        }
        return factors.reshaped(Array(shape.dropLast()))
    }
}

/// The values of the products along the last axis, of tensors that nobody watches.
private func rowProducts(_ x: Tensor, _ kept: [Int]) -> Tensor {
    // What is narrower than `float32` is multiplied in it.
    let type = x.dataType == .float64 ? x.dataType : .float32
    let factors = x.cast(to: type)
    let size = x.shape[x.rank - 1]
    return Tensor(type, kept) { output in
        inParallel(output.count, grain: max(1, elementwiseGrain / max(1, size))) { rows in
            for row in rows {
                if type == .float64 {
                    output.typed(Double.self)[row] =
                        product(of: factors.storage.typed(Double.self) + row * size, size)
                } else {
                    output.typed(Float.self)[row] =
                        product(of: factors.storage.typed(Float.self) + row * size, size)
                }
            }
        }
    }.cast(to: x.dataType)
}

/// Four at a time, so that no multiplication waits for the one before.
@inline(__always)
private func product<Element: BinaryFloatingPoint>(
    of factors: UnsafePointer<Element>, _ count: Int
) -> Element {
    var (a, b, c, d) = (Element(1), Element(1), Element(1), Element(1))
    var index = 0
    while index + 4 <= count {
        a *= factors[index]
        b *= factors[index + 1]
        c *= factors[index + 2]
        d *= factors[index + 3]
        index += 4
    }
    while index < count {
        a *= factors[index]
        index += 1
    }
    return (a * b) * (c * d)
}

extension DataType {
    /// Products from this magnitude on have all their digits, and so have their quotients.
    fileprivate var leastDivisible: Double {
        switch self {
        case .float64: 0x1p-960
        case .float32: 0x1p-100
        default: .infinity
        }
    }
}
