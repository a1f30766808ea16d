import KernelInterface

extension Kernels {
    public static func normalizeRows(
        _ type: DataType, _ epsilon: Double, _ input: UnsafeRawPointer, _ rows: Int,
        _ count: Int, _ weight: UnsafeRawPointer, _ bias: UnsafeRawPointer,
        _ output: UnsafeMutableRawPointer, _ means: UnsafeMutableRawPointer,
        _ reciprocals: UnsafeMutableRawPointer
    ) {
        @inline(__always)
        func run<V: Vector>(_: V.Type) {
            let input = input.assumingMemoryBound(to: V.Element.self)
            let weight = weight.assumingMemoryBound(to: V.Element.self)
            let bias = bias.assumingMemoryBound(to: V.Element.self)
            let output = output.assumingMemoryBound(to: V.Element.self)
            let means = means.assumingMemoryBound(to: V.Element.self)
            let reciprocals = reciprocals.assumingMemoryBound(to: V.Element.self)
            for row in 0..<rows {
                let (x, y) = (input + row * count, output + row * count)
                let (mean, reciprocal) = statistics(V.self, V.Element(epsilon), x, count)
                (means[row], reciprocals[row]) = (mean, reciprocal)
                normalize(V.self, x, count, mean, reciprocal, weight, bias, y)
            }
        }
        if type == .float32 { run(FloatVector.self) } else { run(DoubleVector.self) }
    }

    public static func normalizeRowsPullback(
        _ type: DataType, _ input: UnsafeRawPointer, _ cotangent: UnsafeRawPointer, _ rows: Int,
        _ count: Int, _ weight: UnsafeRawPointer, _ means: UnsafeRawPointer,
        _ reciprocals: UnsafeRawPointer, _ output: UnsafeMutableRawPointer,
        _ weightCotangent: UnsafeMutableRawPointer, _ biasCotangent: UnsafeMutableRawPointer
    ) {
        @inline(__always)
        func run<V: Vector>(_: V.Type) {
            let input = input.assumingMemoryBound(to: V.Element.self)
            let cotangent = cotangent.assumingMemoryBound(to: V.Element.self)
            let weight = weight.assumingMemoryBound(to: V.Element.self)
            let means = means.assumingMemoryBound(to: V.Element.self)
            let reciprocals = reciprocals.assumingMemoryBound(to: V.Element.self)
            let output = output.assumingMemoryBound(to: V.Element.self)
            let weightCotangent = weightCotangent.assumingMemoryBound(to: V.Element.self)
            let biasCotangent = biasCotangent.assumingMemoryBound(to: V.Element.self)
            for row in 0..<rows {
                normalizePullback(
                    V.self, input + row * count, cotangent + row * count, count, weight,
                    means[row], reciprocals[row], output + row * count, weightCotangent,
                    biasCotangent)
            }
        }
        if type == .float32 { run(FloatVector.self) } else { run(DoubleVector.self) }
    }
}

/// The mean of a row, and the reciprocal of the square root of its variance plus ε. The variance is
/// computed from the distances to the mean, without cancellation.
@inline(__always)
private func statistics<V: Vector>(
    _: V.Type, _ epsilon: V.Element, _ input: UnsafePointer<V.Element>, _ count: Int
) -> (mean: V.Element, reciprocal: V.Element) {
    let size = V.Element(count)
    let mean =
        reduceRow(by: VectorSum<V>.self, count) { i in
            V(at: input + i)
        } rest: { i, count in
            V(at: input + i, count: count)
        } / size
    let center = V(repeating: mean)
    let variance =
        reduceRow(by: VectorSum<V>.self, count) { i in
            let deviation = V(at: input + i) - center
            return deviation * deviation
        } rest: { i, count in
            let deviation = V(at: input + i, upTo: count, filler: mean) - center
            return deviation * deviation
        } / size
    return (mean, 1 / (variance + epsilon).squareRoot())
}

@inline(__always)
private func normalize<V: Vector>(
    _: V.Type, _ input: UnsafePointer<V.Element>, _ count: Int, _ mean: V.Element,
    _ reciprocal: V.Element, _ weight: UnsafePointer<V.Element>, _ bias: UnsafePointer<V.Element>,
    _ output: UnsafeMutablePointer<V.Element>
) {
    let (mean, reciprocal) = (V(repeating: mean), V(repeating: reciprocal))
    forEachVector(of: V.self, count) { i in
        let normalized = (V(at: input + i) - mean) * reciprocal
        V(at: bias + i).adding(product: normalized, V(at: weight + i)).store(at: output + i)
    } rest: { i, count in
        let normalized = (V(at: input + i, count: count) - mean) * reciprocal
        V(at: bias + i, count: count)
            .adding(product: normalized, V(at: weight + i, count: count))
            .store(at: output + i, count: count)
    }
}

/// With n = (x − mean) r, g = weight ȳ and means over the row: x̄ = r (g − mean g − n mean(g n)).
@inline(__always)
private func normalizePullback<V: Vector>(
    _: V.Type, _ input: UnsafePointer<V.Element>, _ cotangent: UnsafePointer<V.Element>,
    _ count: Int, _ weight: UnsafePointer<V.Element>, _ mean: V.Element, _ reciprocal: V.Element,
    _ output: UnsafeMutablePointer<V.Element>, _ weightCotangent: UnsafeMutablePointer<V.Element>,
    _ biasCotangent: UnsafeMutablePointer<V.Element>
) {
    let center = V(repeating: mean)
    let scale = V(repeating: reciprocal)
    let (sum, product) = sumRowTwice(count) { i -> (V, V) in
        let normalized = (V(at: input + i) - center) * scale
        let cotangent = V(at: cotangent + i)
        (V(at: weightCotangent + i) + cotangent * normalized).store(at: weightCotangent + i)
        (V(at: biasCotangent + i) + cotangent).store(at: biasCotangent + i)
        let weighted = cotangent * V(at: weight + i)
        return (weighted, weighted * normalized)
    } rest: { i, count in
        let normalized = (V(at: input + i, upTo: count, filler: mean) - center) * scale
        let cotangent = V(at: cotangent + i, count: count)
        (V(at: weightCotangent + i, count: count) + cotangent * normalized)
            .store(at: weightCotangent + i, count: count)
        (V(at: biasCotangent + i, count: count) + cotangent)
            .store(at: biasCotangent + i, count: count)
        let weighted = cotangent * V(at: weight + i, count: count)
        return (weighted, weighted * normalized)
    }
    let meanOfAll = V(repeating: sum / V.Element(count))
    let meanOfProducts = V(repeating: product / V.Element(count))
    forEachVector(of: V.self, count) { i in
        let normalized = (V(at: input + i) - center) * scale
        let weighted = V(at: cotangent + i) * V(at: weight + i)
        (scale * (weighted - meanOfAll - normalized * meanOfProducts)).store(at: output + i)
    } rest: { i, count in
        let normalized = (V(at: input + i, count: count) - center) * scale
        let weighted = V(at: cotangent + i, count: count) * V(at: weight + i, count: count)
        (scale * (weighted - meanOfAll - normalized * meanOfProducts))
            .store(at: output + i, count: count)
    }
}
