import Autograd
import TestSupport
import Testing

/// A public differentiable operation, ready to be tried in every way `OperationTableTests` and
/// its siblings know.
struct OperationCase: Sendable, CustomTestStringConvertible {
    /// What it covers, written as `OperationScan` writes it.
    let declaration: String
    /// What distinguishes it from other cases of the same operation.
    var variant = ""
    /// Which numbers the arguments are drawn from.
    let domains: [Domain]
    /// What shapes to try: each has one for every argument.
    let shapes: [[[Int]]]
    /// Shapes of more than 100,000 elements in all, enough to be split among threads; fewer for
    /// special functions, which are split earlier.
    var largeShapes: [[Int]]
    /// Whether value and derivatives are finite for arguments of ±1e4 too.
    var saturates = false
    /// Whether the value is the same whatever the arguments are.
    var isConstant = false
    /// Whether not-a-number takes a place of its own, wherever it comes from.
    var movesNotANumber = false
    /// Which arguments must be finite: not-a-number traps there.
    var finiteArguments: Set<Int> = []
    let function: @Sendable ([Tensor]) -> Tensor
    let reference: @Sendable ([NaiveArray]) -> NaiveArray

    var testDescription: String {
        variant.isEmpty ? declaration : "\(declaration), \(variant)"
    }

    /// Arguments of the given shapes, in double precision though representable as `float32`;
    /// always the same ones.
    func arguments(_ shapes: [[Int]]) -> [Tensor] {
        var generator = RandomGenerator(seed: 21)
        return zip(domains, shapes).map { $0.draw($1, from: &generator) }
    }
}

/// The numbers an argument may be.
struct Domain: Sendable {
    let range: ClosedRange<Double>
    /// Kinks: drawn numbers keep a distance of 0.02 from them.
    var kinks: [Double] = []

    static let any = Domain(range: -2...2)
    static let positive = Domain(range: 0.2...3)
    static func avoiding(_ kinks: Double...) -> Domain { Domain(range: -2...2, kinks: kinks) }

    func draw(_ shape: [Int], from generator: inout RandomGenerator) -> Tensor {
        let drawn = generator.uniform(
            shape, from: range.lowerBound, to: range.upperBound, dataType: .float32)
        let numbers = numbers(drawn).map { number in
            kinks.contains { abs($0 - number) < 0.02 } ? number + 0.0625 : number
        }
        return Tensor(numbers, shape: shape)
    }
}

extension OperationCase {
    /// An elementwise function of one tensor.
    static func unary(
        _ declaration: String, _ domain: Domain, saturates: Bool = false,
        _ function: @escaping @Sendable (Tensor) -> Tensor,
        _ reference: @escaping @Sendable (Double) -> Double
    ) -> OperationCase {
        OperationCase(
            declaration: declaration, domains: [domain],
            shapes: [[[7]], [[]], [[0]], [[1]], [[2, 1, 3]], [[2, 0, 3]]],
            largeShapes: [[2, 60_001]], saturates: saturates,
            function: { function($0[0]) }, reference: { $0[0].map(reference) })
    }

    /// An elementwise function of two tensors, which broadcast.
    static func binary(
        _ declaration: String, _ left: Domain, _ right: Domain,
        _ function: @escaping @Sendable (Tensor, Tensor) -> Tensor,
        _ reference: @escaping @Sendable (Double, Double) -> Double
    ) -> OperationCase {
        OperationCase(
            declaration: declaration, domains: [left, right],
            shapes: [
                [[5], [5]], [[], []], [[], [4]], [[2, 3], []], [[2, 3], [3]], [[3], [2, 3]],
                [[2, 1], [1, 3]], [[2, 1, 2], [3, 1]], [[1], [1, 1]], [[0], [1]], [[0], []],
                [[2, 0], [2, 1]], [[0, 2], [2]],
            ],
            largeShapes: [[401, 300], [300]],
            function: { function($0[0], $0[1]) },
            reference: { NaiveArray.combining($0[0], $0[1], reference) })
    }

    /// An operation of one tensor that takes its shape into account.
    static func shaped(
        _ declaration: String, variant: String = "", domain: Domain = .any,
        saturates: Bool = false, isConstant: Bool = false, _ shapes: [[Int]], large: [Int],
        _ function: @escaping @Sendable (Tensor) -> Tensor,
        _ reference: @escaping @Sendable (NaiveArray) -> NaiveArray
    ) -> OperationCase {
        OperationCase(
            declaration: declaration, variant: variant, domains: [domain],
            shapes: shapes.map { [$0] }, largeShapes: [large], saturates: saturates,
            isConstant: isConstant,
            function: { function($0[0]) }, reference: { reference($0[0]) })
    }
}

/// Every public differentiable operation; `OperationCoverageTests` sees to it.
let operationTable: [OperationCase] =
    arithmeticCases + functionCases + activationCases + reductionCases + shapeCases
    + indexingCases + selectionCases + productCases + linearAlgebraCases + decompositionCases
    + layerCases + convolutionCases + sequenceCases + signalCases + specialFunctionCases
