import Foundation
import KernelInterface
import Testing

/// An elementary function and what it is in a type of more digits.
struct Reference: Sendable, CustomTestStringConvertible {
    let function: UnaryFunction
    let exact: @Sendable (Wide) -> Wide

    init(_ function: UnaryFunction, _ exact: @escaping @Sendable (Wide) -> Wide) {
        self.function = function
        self.exact = exact
    }

    var testDescription: String { "\(function)" }

    static let all = [
        Reference(.negate) { -$0 },
        Reference(.absolute) { $0.magnitude },
        Reference(.sign) { $0.isNaN ? $0 : $0 > 0 ? 1 : $0 < 0 ? -1 : 0 },
        Reference(.exp) { exp($0) },
        Reference(.expm1) { expm1($0) },
        Reference(.log) { log($0) },
        Reference(.log1p) { log1p($0) },
        Reference(.squareRoot) { $0.squareRoot() },
        Reference(.reciprocalSquareRoot) { 1 / $0.squareRoot() },
        Reference(.sin) { sin($0) },
        Reference(.cos) { cos($0) },
        Reference(.tanh) { tanh($0) },
        Reference(.sigmoid) { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) },
        Reference(.softplus) { x in
            x.isNaN ? x : (x > 0 ? x : 0) + log1p(exp(-x.magnitude))
        },
        Reference(.erf) { erf($0) },
        Reference(.relu) { $0 <= 0 ? 0 : $0 },
        Reference(.floor) { $0.rounded(.down) },
        Reference(.round) { $0.rounded(.toNearestOrEven) },
    ]
}

/// The greatest error allowed of an elementary function, in units in the last place.
let allowedError = 4.0

@Suite("Elementary functions")
struct MathsTests {
    @Test("references are complete")
    func complete() {
        #expect(Set(Reference.all.map(\.function)) == Set(UnaryFunction.allCases))
    }

    @Test("float32 within 4 units in the last place", arguments: Reference.all)
    func float32(reference: Reference) {
        let special: [Float] = [
            0, .infinity, .nan, .leastNonzeroMagnitude, .leastNormalMagnitude,
            .leastNormalMagnitude.nextDown, .greatestFiniteMagnitude, .ulpOfOne, 1, 1.0000001,
            0.99999994, 0.5, 1.5, 2.5, 8_388_607.5, 8_388_608, 16_777_215, 88.72283, 88.72284,
            87.33654, 87.33655, 103.27892, 103.97208, 17.32868, 9.010913, 3.9192059, 0.70710677,
            .pi, .pi / 2, .pi / 4, 6432.9, 6433.1, 1e10, 11.5, 20, 100, 1000,
        ]
        var generator = TestGenerator(seed: 1)
        var arguments = special + special.map { -$0 }
        for _ in 0..<8_000 {
            arguments.append(Float(bitPattern: UInt32(truncatingIfNeeded: generator.next())))
            arguments.append(.random(in: -2...2, using: &generator))
            arguments.append(.random(in: -20...20, using: &generator))
            arguments.append(.random(in: -110...110, using: &generator))
            arguments.append(Float(Int.random(in: -4095...4095, using: &generator)) * (.pi / 2))
        }
        let exact = arguments.map { reference.exact(Wide($0)) }
        for set in TestedKernels.supported {
            let results = set.unary(reference.function, arguments)
            var worst = (error: -1.0, argument: Float(0), result: Float(0))
            for (i, result) in results.enumerated() {
                let error = unitsInTheLastPlace(Wide(result), from: exact[i], of: Float.self)
                if error > worst.error { worst = (error, arguments[i], result) }
            }
            #expect(
                worst.error <= allowedError,
                "\(set.name) \(reference.function)(\(worst.argument)) is \(worst.result)")
        }
    }

    #if arch(x86_64)
        @Test("float64 within 4 units in the last place", arguments: Reference.all)
        func float64(reference: Reference) {
            let special: [Double] = [
                0, .infinity, .nan, .leastNonzeroMagnitude, .leastNormalMagnitude,
                .leastNormalMagnitude.nextDown, .greatestFiniteMagnitude, .ulpOfOne, 1,
                1.0000000000000002, 0.9999999999999999, 0.5, 1.5, 2.5, 4_503_599_627_370_495.5,
                9_007_199_254_740_991,
                709.782712893384, 709.7827128933841, 708.3964185322641, 744.4400719213812,
                745.1332191019412, 37.42994775023705, 19.061547465398498, 5.921587195794507,
                0.7071067811865476, .pi, .pi / 2, .pi / 4, 1_647_098.9, 1_647_099.1, 1e22, 1e300,
                20, 40, 100, 1000,
            ]
            var generator = TestGenerator(seed: 2)
            var arguments = special + special.map { -$0 }
            for _ in 0..<6_000 {
                arguments.append(Double(bitPattern: generator.next()))
                arguments.append(.random(in: -2...2, using: &generator))
                arguments.append(.random(in: -40...40, using: &generator))
                arguments.append(.random(in: -760...760, using: &generator))
                let quadrants = Int.random(in: -1_048_575...1_048_575, using: &generator)
                arguments.append(Double(quadrants) * (.pi / 2))
            }
            let exact = arguments.map { reference.exact(Wide($0)) }
            for set in TestedKernels.supported {
                let results = set.unary(reference.function, arguments)
                var worst = (error: -1.0, argument: 0.0, result: 0.0)
                for (i, result) in results.enumerated() {
                    let error = unitsInTheLastPlace(Wide(result), from: exact[i], of: Double.self)
                    if error > worst.error { worst = (error, arguments[i], result) }
                }
                #expect(
                    worst.error <= allowedError,
                    "\(set.name) \(reference.function)(\(worst.argument)) is \(worst.result)"
                )
            }
        }
    #endif

    @Test("power within 4 units in the last place", arguments: TestedKernels.supported)
    func power(set: TestedKernels) {
        let special: [Float] = [
            0, 1, 2, 3, 4, 0.5, 0.25, 1.5, 1 / 3, 1e-30, 1e30, 127, 128, 149, 16_777_215,
            16_777_216,
            .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, .infinity,
            1.0000001, 0.99999994, .nan,
        ]
        let signed = special + special.map { -$0 }
        var generator = TestGenerator(seed: 3)
        var bases = signed.flatMap { base in signed.map { _ in base } }
        var exponents = signed.flatMap { _ in signed }
        for _ in 0..<8_000 {
            bases.append(.random(in: 0...4, using: &generator))
            exponents.append(.random(in: -40...40, using: &generator))
            bases.append(Float(bitPattern: UInt32.random(in: 0..<0x7F80_0000, using: &generator)))
            exponents.append(.random(in: -2...2, using: &generator))
            bases.append(.random(in: -4...4, using: &generator))
            exponents.append(Float(Int.random(in: -60...60, using: &generator)))
        }
        for exponent: Float in [-1, 0.5, 2, 3, 4] {
            for _ in 0..<1_000 {
                bases.append(Float(bitPattern: UInt32(truncatingIfNeeded: generator.next())))
                exponents.append(exponent)
            }
        }
        let results = set.binary(.power, bases, exponents)
        let doubles = set.binary(.power, bases.map(Double.init), exponents.map(Double.init))
        for (i, base) in bases.enumerated() {
            let exact = pow(Wide(base), Wide(exponents[i]))
            let error = unitsInTheLastPlace(Wide(results[i]), from: exact, of: Float.self)
            #expect(error <= allowedError, "\(base) to the \(exponents[i]) is \(results[i])")
            #if arch(x86_64)
                let doubleError = unitsInTheLastPlace(
                    Wide(doubles[i]), from: exact, of: Double.self)
                #expect(
                    doubleError <= allowedError, "\(base) to the \(exponents[i]) is \(doubles[i])")
            #endif
        }
    }

    @Test("values known exactly", arguments: TestedKernels.supported)
    func knownValues(set: TestedKernels) {
        func value(_ function: UnaryFunction, _ x: Double) -> Double {
            let result = set.unary(function, [x])[0]
            let float = set.unary(function, [Float(x)])[0]
            #expect(Double(float) == result || float.isNaN && result.isNaN)
            return result
        }
        #expect(value(.exp, 0) == 1)
        #expect(value(.exp, -.infinity) == 0)
        #expect(value(.exp, .infinity) == .infinity)
        #expect(value(.expm1, -.infinity) == -1)
        #expect(value(.log, 1) == 0)
        #expect(value(.log, 0) == -.infinity)
        #expect(value(.log, -0.0) == -.infinity)
        #expect(value(.log, -1).isNaN)
        #expect(value(.log1p, -1) == -.infinity)
        #expect(value(.log1p, -2).isNaN)
        #expect(value(.log1p, .infinity) == .infinity)
        #expect(value(.sin, .infinity).isNaN)
        #expect(value(.cos, 0) == 1)
        #expect(value(.tanh, 100) == 1)
        #expect(value(.tanh, -.infinity) == -1)
        #expect(value(.sigmoid, 0) == 0.5)
        #expect(value(.sigmoid, -.infinity) == 0)
        #expect(value(.sigmoid, 200) == 1)
        #expect(value(.softplus, -.infinity) == 0)
        #expect(value(.softplus, 1000) == 1000)
        #expect(value(.erf, .infinity) == 1)
        #expect(value(.erf, -10) == -1)
        #expect(value(.round, 2.5) == 2)
        #expect(value(.round, -0.5).sign == .minus)
        #expect(value(.floor, -0.5) == -1)
        #expect(value(.sign, -0.0) == 0)
        #expect(value(.relu, -3) == 0)
        for function in UnaryFunction.allCases { #expect(value(function, .nan).isNaN) }
    }
}
