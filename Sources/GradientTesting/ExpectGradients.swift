import Testing

/// Expects that the derivatives of a function by reverse mode agree with differences, as
/// ``gradientCheck(at:order:mode:tolerance:seed:of:)`` finds. If they do not, the test fails with
/// the worst of them: which argument, which element, and both derivatives.
///
/// ```swift
/// import GradientTesting
/// import Testing
///
/// @Test func myLossHasItsGradient() {
///     expectGradients(at: Tensor([0.5, -1]), Tensor([2.0, 1])) { myLoss($0, $1) }
/// }
/// ```
///
/// Also fails if there is nothing to compare, as no argument has an element.
///
/// - Parameters:
///   - point: tensors, arrays of tensors or modules. They are converted to `float64` before the
///     function sees them.
///   - order: if given, instead of the ``GradientCheckTrait``'s; as are the next two.
///   - function: its value may have any shape.
/// - Returns: all comparisons.
@discardableResult
public func expectGradients<each Point: Differentiable>(
    at point: repeat each Point, order: Int? = nil, mode: GradientCheckMode? = nil,
    tolerance: Double? = nil, sourceLocation: SourceLocation = #_sourceLocation,
    of function: @escaping (repeat each Point) -> Tensor
) -> GradientCheckResult {
    let settings = GradientCheckTrait.current
    let result = gradientCheck(
        at: repeat each point, order: order ?? settings.order, mode: mode ?? settings.mode,
        tolerance: tolerance ?? settings.tolerance, seed: settings.seed, of: function)
    if !result.passes {
        Issue.record("gradients disagree: \(result)", sourceLocation: sourceLocation)
    }
    return result
}

/// The same at arguments of given shapes, of normally distributed numbers that follow from the
/// ``GradientCheckTrait``'s seed.
///
/// ```swift
/// @Test(.gradientCheck(order: 2)) func attentionHasItsGradients() {
///     expectGradients(ofShapes: [2, 4, 3], [2, 4, 3]) { attention(queries: $0[0], keys: $0[1]) }
/// }
/// ```
@discardableResult
public func expectGradients(
    ofShapes shapes: [Int]..., order: Int? = nil, mode: GradientCheckMode? = nil,
    tolerance: Double? = nil, sourceLocation: SourceLocation = #_sourceLocation,
    of function: @escaping ([Tensor]) -> Tensor
) -> GradientCheckResult {
    var generator = RandomGenerator(seed: GradientCheckTrait.current.seed)
    return expectGradients(
        at: shapes.map { generator.normal($0, dataType: .float64) }, order: order, mode: mode,
        tolerance: tolerance, sourceLocation: sourceLocation, of: function)
}
