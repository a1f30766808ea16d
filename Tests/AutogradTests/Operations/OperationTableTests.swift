import Autograd
import TestSupport
import Testing

/// Everything that holds for every operation, tried with every case of the table.
@Suite struct OperationTableTests {
    @Test(arguments: operationTable)
    func valueAgreesWithReference(_ operation: OperationCase) {
        withEvery("shapes", in: operation.shapes) { shapes in
            let arguments = operation.arguments(shapes)
            let expected = operation.reference(arguments.map { NaiveArray($0) }).tensor
            let value = operation.function(arguments)
            let comparison = closeness(of: value, to: expected, tolerance: 1e-12)
            #expect(comparison.passes)
            // What is recorded on a tape is the same.
            let recorded = valueWithPullback(at: arguments, of: operation.function).value
            #expect(recorded.isIdentical(to: value), "\(Trial.description)")
        }
    }

    @Test(arguments: operationTable)
    func derivativesAgreeWithDifferences(_ operation: OperationCase) {
        withEvery("shapes", in: operation.shapes) { shapes in
            let check = gradientCheck(
                at: operation.arguments(shapes), order: 2, of: operation.function)
            let isEmpty = shapes.allSatisfy { $0.contains(0) }
            #expect(check.passes || isEmpty, "\(Trial.description): \(check)")
            #expect(check.comparisons.isEmpty == isEmpty, "\(Trial.description)")
        }
    }

    /// Where an outer scope watches, operations that are fused otherwise are composed: with the
    /// same derivative.
    @Test(arguments: operationTable)
    func derivativesAreTheSameUnderAnOuterScope(_ operation: OperationCase) {
        withEvery("shapes", in: operation.shapes) { shapes in
            let arguments = operation.arguments(shapes)
            var generator = RandomGenerator(seed: 4)
            let value = operation.function(arguments)
            let cotangent = generator.uniform(
                value.shape, from: 0.5, to: 1.5, dataType: .float64)
            let plain = valueWithPullback(at: arguments, of: operation.function)
                .pullback(cotangent)
            for (position, expected) in plain.enumerated() {
                let (outer, _) = valueWithPullback(at: arguments) { arguments in
                    valueWithPullback(at: arguments, of: operation.function)
                        .pullback(cotangent)[position]
                }
                let comparison = closeness(of: outer, to: expected, tolerance: 1e-12)
                #expect(comparison.passes)
            }
        }
    }

    /// Gradients have the arguments' shapes, of empty ones too.
    @Test(arguments: operationTable)
    func gradientsHaveTheShapesOfArguments(_ operation: OperationCase) {
        withEvery("shapes", in: operation.shapes) { shapes in
            let arguments = operation.arguments(shapes)
            let gradients = gradient(at: arguments) { operation.function($0).sum() }
            #expect(gradients.map(\.shape) == shapes, "\(Trial.description)")
            let second = gradient(at: arguments) { arguments in
                gradient(at: arguments) { operation.function($0).sum() }
                    .map { ($0 * $0).sum() }.reduce(Tensor(0, dataType: .float64), +)
            }
            #expect(second.map(\.shape) == shapes, "\(Trial.description)")
        }
    }

    @Test(arguments: operationTable)
    func singlePrecisionAgreesWithDouble(_ operation: OperationCase) {
        withEvery("shapes", in: operation.shapes) { shapes in
            let double = operation.arguments(shapes)
            let single = double.map { $0.cast(to: .float32) }
            let (value, pullback) = valueWithPullback(at: double, of: operation.function)
            let (rough, roughPullback) = valueWithPullback(at: single, of: operation.function)
            let comparison = closeness(
                of: rough, to: value.cast(to: .float32), tolerance: 1e-5)
            #expect(comparison.passes)
            var generator = RandomGenerator(seed: 3)
            let cotangent = generator.uniform(value.shape, from: 0.5, to: 1.5)
            let expected = pullback(cotangent.cast(to: .float64))
            for (found, expected) in zip(roughPullback(cotangent), expected) {
                let comparison = closeness(
                    of: found, to: expected.cast(to: .float32), tolerance: 1e-4)
                #expect(comparison.passes)
            }
        }
    }

    /// Not-a-number in an argument reaches every element of the value that depends on it.
    @Test(arguments: operationTable)
    func notANumberPropagates(_ operation: OperationCase) {
        let sizes = operation.shapes.map { $0.joined().reduce(1, *) }
        let largest = sizes.indices.max { sizes[$0] < sizes[$1] } ?? 0
        let arguments = operation.arguments(operation.shapes[largest])
        let value = numbers(operation.function(arguments))
        withEvery("type", in: [DataType.float32, DataType.float64]) { (type: DataType) in
            for (position, argument) in arguments.enumerated()
            where !operation.finiteArguments.contains(position) {
                var reached = false
                for element in 0..<argument.count {
                    func changed(_ replacement: (Double) -> Double) -> [Tensor] {
                        var elements = numbers(argument)
                        elements[element] = replacement(elements[element])
                        var changed = arguments
                        changed[position] = Tensor(elements, shape: argument.shape)
                        return changed
                    }
                    let moved = numbers(operation.function(changed { $0 + 0.001 }))
                    let poisoned = numbers(
                        operation.function(changed { _ in .nan }.map { $0.cast(to: type) }))
                    #expect(poisoned.count == value.count)
                    if operation.movesNotANumber { #expect(poisoned.contains { $0.isNaN }) }
                    for (index, (moved, poisoned)) in zip(moved, poisoned).enumerated()
                    where moved != value[index] {
                        reached = true
                        #expect(
                            poisoned.isNaN || operation.movesNotANumber,
                            "element \(element) of \(position), \(type)")
                    }
                }
                #expect(reached != operation.isConstant, "argument \(position)")
            }
        }
    }

    @Test(arguments: operationTable.filter(\.saturates))
    func saturatedArgumentsStayFinite(_ operation: OperationCase) {
        let values = [1e4, -1e4, 1e4, 0.5, -1e4, 1e4, -0.5, -1e4, 3, -3, 1e4, 1e4, -1e4]
        withEvery("type", in: [DataType.float32, DataType.float64]) { (type: DataType) in
            withEvery("shapes", in: operation.shapes) { shapes in
                let arguments = shapes.map { shape in
                    let count = shape.reduce(1, *)
                    return Tensor((0..<count).map { values[$0 % values.count] }, shape: shape)
                        .cast(to: type)
                }
                guard !shapes.contains(where: { $0.contains(0) }) else { return }
                func isFinite(_ tensor: Tensor) -> Bool { numbers(tensor).allSatisfy(\.isFinite) }
                func slope(_ arguments: [Tensor]) -> [Tensor] {
                    gradient(at: arguments) { operation.function($0).sum() }
                }
                #expect(isFinite(operation.function(arguments)), "\(Trial.description)")
                #expect(slope(arguments).allSatisfy(isFinite), "\(Trial.description)")
                let curvature = gradient(at: arguments) { slope($0)[0].sum() }
                #expect(curvature.allSatisfy(isFinite), "\(Trial.description)")
            }
        }
    }
}

/// The values and gradients of every operation are the same to the last bit for any number of
/// threads. In a process of its own, as the number is the process's, and so that no other test
/// has the threads when they are asked for.
@Suite struct OperationThreadTests {
    @Test func resultsAreTheSameForAnyNumberOfThreads() async {
        await #expect(processExitsWith: .success) {
            for operation in operationTable where operation.largeShapes != [[0]] {
                let arguments = operation.arguments(operation.largeShapes)
                    .map { $0.cast(to: .float32) }
                func results(threads: Int) -> [Tensor] {
                    Threads.count = threads
                    let (value, pullback) = valueWithPullback(at: arguments, of: operation.function)
                    var generator = RandomGenerator(seed: 9)
                    return [value] + pullback(generator.uniform(value.shape))
                }
                let serial = results(threads: 1)
                for threads in [2, 3] {
                    let isSame = zip(serial, results(threads: threads)).allSatisfy {
                        $0.isIdentical(to: $1)
                    }
                    #expect(isSame, "\(operation.testDescription) with \(threads) threads")
                }
            }
        }
    }
}
