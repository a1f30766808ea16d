@_exported import Autograd
import Testing

/// How ``expectGradients(at:order:mode:tolerance:sourceLocation:of:)`` checks in a test or in all
/// tests of a suite.
///
/// ```swift
/// @Suite(.gradientCheck(order: 2)) struct LossTests {
///     @Test func distance() { expectGradients(ofShapes: [5, 3], [5, 3]) { norms($0[0] - $0[1]) } }
/// }
/// ```
public struct GradientCheckTrait: TestTrait, SuiteTrait, TestScoping {
    /// 1, or 2 for second derivatives too.
    public let order: Int
    public let mode: GradientCheckMode
    /// The greatest difference that passes, relative to the derivative.
    public let tolerance: Double
    /// The seed of everything that is drawn.
    public let seed: UInt64

    public var isRecursive: Bool { true }

    /// What the running test or its suite has been given, or else the defaults.
    @TaskLocal public static var current = GradientCheckTrait.gradientCheck()

    public func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await Self.$current.withValue(self, operation: function)
    }
}

extension Trait where Self == GradientCheckTrait {
    /// How the gradients in a test or a suite are checked.
    ///
    /// - Parameters:
    ///   - order: 1, or 2 for second derivatives too.
    ///   - mode: every element, or along a few random directions: for large arguments.
    ///   - tolerance: the greatest difference that passes, relative to the derivative.
    ///   - seed: the seed of directions, weights and of arguments that are drawn.
    public static func gradientCheck(
        order: Int = 1, mode: GradientCheckMode = .elements, tolerance: Double = 1e-6,
        seed: UInt64 = 0
    ) -> GradientCheckTrait {
        GradientCheckTrait(order: order, mode: mode, tolerance: tolerance, seed: seed)
    }
}
