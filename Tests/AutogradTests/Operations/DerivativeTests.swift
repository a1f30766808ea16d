import Autograd
import Foundation
import TestSupport
import Testing

/// The differential operators against closed forms and against each other.
@Suite struct DerivativeTests {
    private static let x = Tensor([0.3, -0.8, 1.2])

    /// The derivative of a given order of a function applied to each element.
    private func derivative(
        _ order: Int, of function: @escaping (Tensor) -> Tensor
    ) -> (Tensor) -> Tensor {
        guard order > 0 else { return function }
        let lower = derivative(order - 1, of: function)
        return { x in gradient(at: x) { lower($0).sum() } }
    }

    @Test(arguments: 1...4)
    func derivativesOfHigherOrder(_ order: Int) {
        let points = numbers(Self.x)
        let phase = Double(order) * .pi / 2
        let sine = derivative(order) { sin($0) }(Self.x)
        #expect(
            closeness(
                of: numbers(sine), to: points.map { Foundation.sin($0 + phase) }, tolerance: 1e-14
            ).passes)
        let exponential = derivative(order) { exp(2 * $0) }(Self.x)
        let factor = Foundation.pow(2.0, Double(order))
        #expect(
            closeness(
                of: numbers(exponential), to: points.map { factor * Foundation.exp(2 * $0) },
                tolerance: 1e-13
            ).passes)
        // x⁵ − 3x² + 2, by multiplication and by powers.
        let coefficients: [[Double]] = [
            [0, -6, 0, 0, 5], [-6, 0, 0, 20], [0, 0, 60], [0, 120],
        ]
        let expected = points.map { point in
            coefficients[order - 1].reversed().reduce(0) { $0 * point + $1 }
        }
        let products = derivative(order) { $0 * $0 * $0 * $0 * $0 - 3 * $0 * $0 + 2 }(Self.x)
        #expect(closeness(of: numbers(products), to: expected, tolerance: 1e-13).passes)
        let powers = derivative(order) { pow($0, 5) - 3 * square($0) + 2 }(Self.x)
        #expect(closeness(of: numbers(powers), to: expected, tolerance: 1e-13).passes)
    }

    /// d/dx (x · d/dy (x + y)) is 1: the inner derivative must not see the outer one's x.
    @Test func perturbationsAreNotConfused() {
        let slope = gradient(at: Tensor(3)) { x in
            x * gradient(at: Tensor(5)) { y in x + y }
        }
        #expect(slope.scalar == 1)
        // d/dx (x · d/dy (x · y)) is 2x.
        let product = gradient(at: Tensor(3)) { x in
            x * gradient(at: Tensor(5)) { y in x * y }
        }
        #expect(product.scalar == 6)
        // The same tensor in both scopes: d/dx (x · d/dy (x · y) at y = x).
        let same = gradient(at: Tensor(3)) { x in x * gradient(at: x) { y in x * y * y } }
        #expect(same.scalar == 54)
    }

    @Test func severalArguments() {
        let (a, b) = (Tensor([1.0, 2]), Tensor([3.0, 4]))
        let (left, right) = gradient(at: a, b) { ($0 * $0 * $1).sum() }
        #expect(numbers(left) == [6, 16])
        #expect(numbers(right) == [1, 4])
        let (value, gradients) = valueWithGradient(at: a, [b, a], b) { x, others, z in
            (x * others[0] + 2 * others[1] + z).sum()
        }
        #expect(value.scalar == 24)
        #expect(numbers(gradients.0) == [3, 4])
        #expect(gradients.1.map(numbers) == [[1, 2], [2, 2]])
        #expect(numbers(gradients.2) == [1, 1])
        #expect(!value.isWatched)
        #expect(!gradients.0.isWatched)
    }

    @Test func arraysAndOptionals() {
        let x: Tensor? = Tensor([1.0, 2])
        #expect((gradient(at: x) { ($0! * $0!).sum() }).map(numbers) == [2, 4])
        let none: Tensor? = nil
        let ofNone = gradient(at: none) { _ in Tensor(1) }
        #expect(ofNone.map(numbers) == nil)
        let empty: [Tensor] = []
        #expect(gradient(at: empty) { _ in Tensor(1) }.isEmpty)
    }

    @Test func argumentsThatAreIgnoredHaveZeroGradients() {
        let (used, ignored) = gradient(
            at: Tensor([1.0]), Tensor([1, 2] as [Float], shape: [2, 1])
        ) {
            x, _ in x.sum()
        }
        #expect(numbers(used) == [1])
        #expect(ignored.isIdentical(to: Tensor.zeros([2, 1])))
        #expect(numbers(gradient(at: Self.x) { _ in Tensor(2) }) == [0, 0, 0])
        let pullback = valueWithPullback(at: Self.x) { _ in Tensor([1.0, 2]) }.pullback
        #expect(numbers(pullback(Tensor([1.0, 1]))) == [0, 0, 0])
        // Also inside another scope, where the constant may be the outer scope's.
        let outer = gradient(at: Self.x) { x in
            gradient(at: Self.x) { _ in x.sum() }.sum() + x.sum()
        }
        #expect(numbers(outer) == [1, 1, 1])
    }

    @Test func capturedTensorsAreConstants() {
        let factor = Tensor([2.0, 3, 4])
        #expect(numbers(gradient(at: Self.x) { ($0 * factor).sum() }) == [2, 3, 4])
        #expect(!factor.isWatched)
    }

    @Test func watchingEndsWithTheScope() {
        let slope = gradient(at: Self.x) { x in
            #expect(x.isWatched)
            #expect(!stopGradient(x).isWatched)
            #expect((x + 1).isWatched)
            return x.sum()
        }
        #expect(!slope.isWatched)
        #expect(!Self.x.isWatched)
    }

    @Test func errorsLeaveTheScope() throws {
        struct Failure: Error {}
        #expect(throws: Failure.self) {
            try gradient(at: Self.x) { _ in throw Failure() }
        }
    }

    @Test func pullbacksCanBeCalledAgain() {
        let (value, pullback) = valueWithPullback(at: Self.x) { sin($0) * $0 }
        let cotangents = [Tensor([1.0, 0, 0]), Tensor([0.0, 1, 2]), Tensor([1.0, 0, 0])]
        let slopes = numbers(Self.x).map { Foundation.cos($0) * $0 + Foundation.sin($0) }
        for cotangent in cotangents {
            let expected = zip(slopes, numbers(cotangent)).map(*)
            #expect(
                closeness(of: numbers(pullback(cotangent)), to: expected, tolerance: 1e-15).passes)
        }
        #expect(value.shape == [3])
    }

    /// The pullback is linear in its cotangent and can be differentiated with respect to it,
    /// and to where it was taken.
    @Test func pullbacksAreDifferentiable() {
        let (_, pullback) = valueWithPullback(at: Self.x) { sin($0) }
        let slope = gradient(at: Tensor.ones(like: Self.x)) { pullback($0 * $0).sum() }
        let cosines = numbers(Self.x).map(Foundation.cos)
        #expect(closeness(of: numbers(slope), to: cosines.map { 2 * $0 }, tolerance: 1e-15).passes)
        let curvature = gradient(at: Self.x) { x in
            let (value, pullback) = valueWithPullback(at: x) { sin($0) }
            return (value + pullback(Tensor.ones(like: x)) + pullback(x)).sum()
        }
        let expected = numbers(Self.x).map {
            2 * Foundation.cos($0) - Foundation.sin($0) - $0 * Foundation.sin($0)
        }
        #expect(closeness(of: numbers(curvature), to: expected, tolerance: 1e-14).passes)
    }

    // MARK: Jacobians and Hessians

    /// (x₀x₁, sin x₂, x₀², 3).
    private static func map(_ x: Tensor) -> Tensor {
        stacked([x[0] * x[1], sin(x[2]), x[0] * x[0], 3 + 0 * x[0]])
    }

    @Test func jacobianAgreesWithClosedForm() {
        let matrix = jacobian(at: Self.x, of: Self.map)
        #expect(matrix.shape == [4, 3])
        let expected = [-0.8, 0.3, 0, 0, 0, Foundation.cos(1.2), 0.6, 0, 0, 0, 0, 0]
        #expect(closeness(of: numbers(matrix), to: expected, tolerance: 1e-15).passes)
        let linear = Tensor((0..<6).map(Double.init), shape: [2, 3])
        let ofMatrix = jacobian(at: Tensor.ones([3, 2], dataType: .float64)) { matmul(linear, $0) }
        #expect(ofMatrix.shape == [2, 2, 3, 2])
        for index in NaiveArray.indices([2, 2, 3, 2]) {
            let expected = index[1] == index[3] ? Double(index[0] * 3 + index[2]) : 0
            #expect(NaiveArray(ofMatrix)[index] == expected)
        }
        #expect(jacobian(at: Self.x) { $0.sliced(axis: 0, 0..<0) }.shape == [0, 3])
        #expect(jacobian(at: Self.x) { $0.sum() }.shape == [3])
        #expect(
            jacobian(at: Tensor([] as [Double])) { concatenated([$0, Self.x]) }.shape == [3, 0])
    }

    @Test func productsWithTheJacobianAgree() {
        let direction = Tensor([0.5, -1, 2])
        let matrix = jacobian(at: Self.x, of: Self.map)
        let (value, product) = jacobianVectorProduct(at: Self.x, along: direction, of: Self.map)
        #expect(value.isIdentical(to: Self.map(Self.x)))
        let expected = matmul(matrix, direction.reshaped([3, 1])).reshaped([4])
        #expect(closeness(of: product, to: expected, tolerance: 1e-15).passes)
        let cotangent = Tensor([1.0, -2, 0.5, 4])
        let transposed = valueWithPullback(at: Self.x, of: Self.map).pullback(cotangent)
        let other = matmul(cotangent.reshaped([1, 4]), matrix).reshaped([3])
        #expect(closeness(of: transposed, to: other, tolerance: 1e-15).passes)
        let ignored = jacobianVectorProduct(at: Self.x, along: direction) { _ in Tensor([1.0, 2]) }
        #expect(numbers(ignored.derivative) == [0, 0])
    }

    /// A Jacobian-vector product inside a gradient: d/dx (cos x · v) is −sin x · v.
    @Test func productsWithTheJacobianAreDifferentiable() {
        let direction = Tensor([0.5, -1, 2])
        let slope = gradient(at: Self.x) { x in
            jacobianVectorProduct(at: x, along: direction) { sin($0) }.derivative.sum()
        }
        let expected = zip(numbers(Self.x), numbers(direction)).map { -Foundation.sin($0) * $1 }
        #expect(closeness(of: numbers(slope), to: expected, tolerance: 1e-15).passes)
        let penalty = gradientCheck(at: Self.x) { x in
            square(jacobian(at: x, of: Self.map)).sum()
        }
        #expect(penalty.passes, "\(penalty)")
    }

    @Test func hessianAgreesWithClosedForm() {
        // x₀²x₁ + sin x₂ + x₁x₂.
        func energy(_ x: Tensor) -> Tensor { x[0] * x[0] * x[1] + sin(x[2]) + x[1] * x[2] }
        let matrix = hessian(at: Self.x, of: energy)
        #expect(matrix.shape == [3, 3])
        let expected = [-1.6, 0.6, 0, 0.6, 0, 1, 0, 1, -Foundation.sin(1.2)]
        #expect(closeness(of: numbers(matrix), to: expected, tolerance: 1e-15).passes)
        let direction = Tensor([0.5, -1, 2])
        let product = hessianVectorProduct(at: Self.x, along: direction, of: energy)
        let multiplied = matmul(matrix, direction.reshaped([3, 1])).reshaped([3])
        #expect(closeness(of: product, to: multiplied, tolerance: 1e-15).passes)
        let linear = hessian(at: Self.x) { ($0 * 3).sum() }
        #expect(linear.isIdentical(to: Tensor.zeros([3, 3], dataType: .float64)))
    }

    // MARK: Aliases

    /// A cotangent that reaches a tensor along several ways is added up, though the ways share
    /// its memory.
    @Test func sharedCotangentsDoNotMix() {
        let x = Tensor([1.0, 2])
        #expect(numbers(gradient(at: x) { ($0 + $0).sum() }) == [2, 2])
        #expect(numbers(gradient(at: x) { ($0 * $0).sum() }) == [2, 4])
        #expect(numbers(gradient(at: x) { ($0 - $0).sum() }) == [0, 0])
        #expect(numbers(gradient(at: x) { ($0 / $0).sum() }) == [0, 0])
        // a + b and a share one cotangent; what is added to a's must not reach b's.
        let (a, b) = gradient(at: x, Tensor([3.0, 4])) { a, b in
            let sum = a + b
            return (sum + a + sum).sum() + (a.reshaped([1, 2]) * a).sum()
        }
        #expect(numbers(a) == [3 + 4 - 2, 3 + 4])
        #expect(numbers(b) == [2, 2])
    }

    @Test func theSeedIsNotChanged() {
        let (_, pullback) = valueWithPullback(at: Self.x) { $0 + $0 }
        let seed = Tensor([1.0, 2, 3])
        #expect(numbers(pullback(seed)) == [2, 4, 6])
        #expect(numbers(seed) == [1, 2, 3])
        #expect(numbers(pullback(seed)) == [2, 4, 6])
        let identity = valueWithPullback(at: Self.x) { $0 }
        #expect(identity.value.isIdentical(to: Self.x))
        #expect(numbers(identity.pullback(seed)) == [1, 2, 3])
    }

    /// An argument that is given twice has a gradient for each.
    @Test func theSameTensorTwice() {
        let (first, second) = gradient(at: Self.x, Self.x) { ($0 * $0 + 3 * $1).sum() }
        #expect(numbers(first) == numbers(Self.x).map { 2 * $0 })
        #expect(numbers(second) == [3, 3, 3])
    }
}
