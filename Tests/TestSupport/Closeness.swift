import Autograd

/// The outcome of a comparison of two lists of numbers: whether they are close, and if not,
/// where they are furthest apart and by how much.
///
/// ```swift
/// #expect(closeness(of: y, to: expected, tolerance: 1e-9).passes)
/// ```
///
/// A comparison passes only if types, shapes and lengths agree and no difference is greater
/// than the tolerance, relative to the greater of 1 and the expected number. Not-a-number is
/// close to nothing, unless it is expected and `nanIsEqual` is set; an infinity is close to
/// itself alone.
public struct Closeness: Sendable, CustomStringConvertible {
    /// What is wrong; nil where all is close.
    public let failure: String?

    public var passes: Bool { failure == nil }

    public var description: String {
        guard let failure else { return "close" }
        let labels = Trial.description
        return labels.isEmpty ? failure : "\(failure), with \(labels)"
    }
}

/// Compares two lists of numbers; see ``Closeness``.
public func closeness(
    of actual: [Double], to expected: [Double], tolerance: Double, nanIsEqual: Bool = false
) -> Closeness {
    guard actual.count == expected.count else {
        return Closeness(failure: "\(actual.count) elements, expected \(expected.count)")
    }
    var worst: (index: Int, excess: Double)?
    var failures = 0
    for (index, (a, b)) in zip(actual, expected).enumerated() {
        let excess = excess(a, b, tolerance, nanIsEqual)
        guard excess > 1 else { continue }
        failures += 1
        if excess > worst?.excess ?? 0 { worst = (index, excess) }
    }
    guard let worst else { return Closeness(failure: nil) }
    let (a, b) = (actual[worst.index], expected[worst.index])
    return Closeness(
        failure: "\(failures) of \(actual.count) elements differ, most at \(worst.index): \(a), "
            + "expected \(b), difference \(a - b), tolerance \(tolerance)")
}

/// Compares two tensors; see ``Closeness``. A failure names the element by its position in
/// row-major order.
public func closeness(
    of actual: Tensor, to expected: Tensor, tolerance: Double, nanIsEqual: Bool = false
) -> Closeness {
    guard actual.dataType == expected.dataType else {
        return Closeness(failure: "\(actual.dataType), expected \(expected.dataType)")
    }
    guard actual.shape == expected.shape else {
        return Closeness(failure: "shape \(actual.shape), expected \(expected.shape)")
    }
    return closeness(
        of: numbers(actual), to: numbers(expected), tolerance: tolerance, nanIsEqual: nanIsEqual)
}

/// The elements of a tensor of any type as numbers, in row-major order.
public func numbers(_ tensor: Tensor) -> [Double] {
    stopGradient(tensor).cast(to: .float64).elements()
}

/// The difference in tolerances: 1 or less passes.
private func excess(
    _ actual: Double, _ expected: Double, _ tolerance: Double, _ nanIsEqual: Bool
) -> Double {
    if actual == expected { return 0 }
    if actual.isNaN, expected.isNaN { return nanIsEqual ? 0 : .infinity }
    let difference = abs(actual - expected)
    let allowed = tolerance * max(1, abs(expected))
    guard difference.isFinite, !allowed.isNaN else { return .infinity }
    return difference <= allowed ? 0 : max(difference / allowed, 1.0.nextUp)
}
