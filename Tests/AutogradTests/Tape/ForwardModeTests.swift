import TestSupport
import Testing

@testable import Autograd

/// Products with Jacobians in forward mode.
@Suite struct ForwardModeTests {
    /// By reverse mode alone: the pullback is linear, and its pullback is the product.
    private func transposedTwice(
        at x: [Tensor], along direction: [Tensor], of function: ([Tensor]) -> Tensor
    ) -> Tensor {
        let (value, pullback) = valueWithPullback(at: x, of: function)
        return gradient(at: Tensor.zeros(like: value)) { cotangent in
            zip(pullback(cotangent), direction).map { ($0 * $1).sum() }
                .reduce(Tensor(0, dataType: .float64), +)
        }
    }

    private func directions(of arguments: [Tensor], seed: UInt64) -> [Tensor] {
        var generator = RandomGenerator(seed: seed)
        return arguments.map { generator.normal($0.shape, dataType: .float64) }
    }

    @Test(arguments: operationTable)
    func equalsTheProductByReverseMode(_ operation: OperationCase) {
        withEvery("shapes", in: operation.shapes) { shapes in
            let arguments = operation.arguments(shapes)
            let direction = directions(of: arguments, seed: 5)
            let (value, found) = jacobianVectorProduct(
                at: arguments, along: direction, of: operation.function)
            #expect(value.isIdentical(to: operation.function(arguments)), "\(Trial.description)")
            let expected = transposedTwice(
                at: arguments, along: direction, of: operation.function)
            #expect(closeness(of: found, to: expected, tolerance: 1e-11, nanIsEqual: true).passes)
        }
    }

    /// Along the first argument alone: the others are constants.
    @Test(arguments: operationTable)
    func constantsHaveNoTangents(_ operation: OperationCase) {
        let shapes = operation.shapes[0]
        let arguments = operation.arguments(shapes)
        let direction = directions(of: arguments, seed: 6)
        for position in arguments.indices {
            func function(_ x: Tensor) -> Tensor {
                var all = arguments
                all[position] = x
                return operation.function(all)
            }
            let found = jacobianVectorProduct(
                at: arguments[position], along: direction[position], of: function)
            let expected = transposedTwice(
                at: [arguments[position]], along: [direction[position]]
            ) { function($0[0]) }
            #expect(closeness(of: found.derivative, to: expected, tolerance: 1e-11).passes)
        }
    }

    /// Forward over reverse, reverse over forward and forward over forward are reverse over reverse.
    @Test(arguments: operationTable)
    func secondDerivativesAgree(_ operation: OperationCase) {
        let sizes = operation.shapes.map { $0.joined().reduce(1, *) }
        let shapes = operation.shapes[sizes.firstIndex { $0 > 0 } ?? 0]
        let arguments = operation.arguments(shapes)
        let direction = directions(of: arguments, seed: 7)
        let weights = directions(of: [operation.function(arguments)], seed: 8)[0]
        func loss(_ x: [Tensor]) -> Tensor { (square(operation.function(x)) * weights).sum() }
        let expected = gradient(at: arguments) { x in
            zip(gradient(at: x, of: loss), direction).map { ($0 * $1).sum() }
                .reduce(Tensor(0, dataType: .float64), +)
        }
        let reverse = hessianVectorProduct(at: arguments, along: direction, of: loss)
        let forward = gradient(at: arguments) { x in
            jacobianVectorProduct(at: x, along: direction, of: loss).derivative
        }
        for (position, expected) in expected.enumerated() {
            #expect(closeness(of: reverse[position], to: expected, tolerance: 1e-10).passes)
            #expect(closeness(of: forward[position], to: expected, tolerance: 1e-10).passes)
        }
        let twice = jacobianVectorProduct(at: arguments, along: direction) { x in
            jacobianVectorProduct(at: x, along: direction, of: loss).derivative
        }.derivative
        let product = zip(expected, direction).map { ($0 * $1).sum() }
            .reduce(Tensor(0, dataType: .float64), +)
        #expect(closeness(of: twice, to: product, tolerance: 1e-10).passes)
    }

    private static let x = Tensor([0.3, -0.8, 1.2])
    private static let v = Tensor([0.5, -1, 2])

    @Test func severalArgumentsAndValues() {
        let found = jacobianVectorProduct(at: Self.x, [Self.x], along: Self.v, [Self.x]) {
            [$0 * $1[0], sin($0), Tensor([1.0])]
        }
        let expected = [Self.v * Self.x + Self.x * Self.x, cos(Self.x) * Self.v, Tensor([0.0])]
        for (derivative, expected) in zip(found.derivative, expected) {
            #expect(closeness(of: derivative, to: expected, tolerance: 1e-15).passes)
        }
    }

    /// What an inner scope moves is not what an outer one moves.
    @Test func perturbationsAreNotConfused() {
        let one = Tensor([1.0])
        let found = jacobianVectorProduct(at: one, along: one) { x in
            x * jacobianVectorProduct(at: one, along: one) { y in x + y }.derivative
        }
        #expect(numbers(found.derivative) == [1])
        let mixed = jacobianVectorProduct(at: one, along: one) { x in
            x * gradient(at: one) { y in (x * y).sum() }
        }
        #expect(numbers(mixed.derivative) == [2])
        let constant = jacobianVectorProduct(at: one, along: one) { x in
            x * stopGradient(x)
        }
        #expect(numbers(constant.derivative) == [1])
    }

    @Test func functionsWithOtherDerivatives() {
        func passes(_ function: ([Tensor]) -> Tensor) -> Bool {
            let found = jacobianVectorProduct(at: [Self.x], along: [Self.v], of: function)
            let expected = transposedTwice(at: [Self.x], along: [Self.v], of: function)
            return closeness(of: found.derivative, to: expected, tolerance: 1e-14).passes
        }
        #expect(passes { checkpointed($0) { tanh($0[0] * $0[0]) } })
        #expect(
            passes {
                customDerivative(at: $0[0]) {
                    sin($0)
                } pullback: { x, _, cotangent in
                    3 * cotangent * x.sum()
                }
            })
        #expect(passes { straightThrough(round(stopGradient($0[0])), along: $0[0]) * $0[0] })
        #expect(passes { exp($0[0].cast(to: .float32)).cast(to: .float64) })
    }

    /// Memory does not grow with the length of the function.
    @Test func tangentsAreReleasedWithTheirTensors() {
        weak var first: Outer?
        _ = jacobianVectorProduct(at: Self.x, along: Self.v) { x in
            var y = sin(x)
            first = y.outer
            #expect(first?.tangent != nil)
            y = matmul(y.reshaped([1, 3]), Tensor.ones([3, 2], dataType: .float64))
            #expect(first == nil)
            return y
        }
    }

    @Test func castsChangeTheTypeOfTheTangent() {
        let found = jacobianVectorProduct(at: Self.x, along: Self.v) { $0.cast(to: .float32) }
        #expect(found.derivative.dataType == .float32)
        #expect(numbers(found.derivative) == numbers(Self.v))
    }

    @Test func jacobiansByColumnsAreThoseByRows() {
        let wide = jacobian(at: Self.x) { concatenated([$0 * $0, sin($0)]) }
        #expect(wide.shape == [6, 3])
        let rows = (0..<6).map { row in
            gradient(at: Self.x) { concatenated([$0 * $0, sin($0)])[row] }
        }
        #expect(closeness(of: wide, to: stacked(rows), tolerance: 1e-15).passes)
    }
}
