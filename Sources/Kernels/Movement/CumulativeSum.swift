import KernelInterface

extension Kernels {
    public static func cumulativeSum(
        _ type: DataType, _ outer: Int, _ count: Int, _ inner: Int, _ reversed: Bool,
        _ exclusive: Bool, _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
    ) {
        switch type {
        case .float32:
            accumulate(Float(0), outer, count, inner, reversed, exclusive, input, output, by: +)
        case .float64:
            accumulate(Double(0), outer, count, inner, reversed, exclusive, input, output, by: +)
        default:
            accumulate(Int32(0), outer, count, inner, reversed, exclusive, input, output, by: &+)
        }
    }
}

@inline(__always)
private func accumulate<Element>(
    _ zero: Element, _ outer: Int, _ count: Int, _ inner: Int, _ reversed: Bool,
    _ exclusive: Bool, _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer,
    by adding: (Element, Element) -> Element
) {
    guard count > 0 else { return }
    let step = reversed ? -inner : inner
    for row in 0..<outer {
        let first = (row * count + (reversed ? count - 1 : 0)) * inner
        var source = input.assumingMemoryBound(to: Element.self) + first
        var target = output.assumingMemoryBound(to: Element.self) + first
        for index in 0..<inner { target[index] = exclusive ? zero : source[index] }
        for _ in 1..<count {
            let next = target + step
            let added = exclusive ? source : source + step
            for index in 0..<inner { next[index] = adding(target[index], added[index]) }
            source += step
            target = next
        }
    }
}
