import Autograd
import TestSupport
import Testing

/// The check of gradients accuses no right rule and misses no wrong one, whatever the magnitude of
/// arguments, values and derivatives.
@Suite struct GradientCheckScaleTests {
    struct Function: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Of the powers of ten where it is tried.
        var exponents = -8...8
        let value: @Sendable (Tensor) -> Tensor

        init(
            _ description: String = "", _ exponents: ClosedRange<Int> = -8...8,
            value: @escaping @Sendable (Tensor) -> Tensor
        ) {
            (testDescription, self.exponents, self.value) = (description, exponents, value)
        }

        /// The same with a derivative that is off by a factor.
        func off(by factor: Double) -> (Tensor) -> Tensor {
            { x in
                customDerivative(at: x) {
                    value($0)
                } pullback: { x, _, cotangent in
                    factor * valueWithPullback(at: x, of: value).pullback(cotangent)
                }
            }
        }
    }

    static let functions: [Function] = [
        Function("x²") { $0 * $0 },
        Function("x³") { $0 * $0 * $0 },
        Function("1/x") { 1 / $0 },
        Function("log x") { log($0) },
        Function("√x") { sqrt($0) },
        Function("x^0.3") { pow($0, 0.3) },
        Function("exp x", -8...2) { exp($0) },
        Function("exp −x", -8...2) { exp(-$0) },
        Function("sin x") { sin($0) },
        Function("tanh x", -8...0) { tanh($0) },
        Function("x log x") { $0 * log($0) },
        Function("10⁸ + x", 1...8) { $0 + 1e8 },
        Function("10⁸ + x²", 1...8) { $0 * $0 + 1e8 },
        Function("10⁻²⁰ sin x") { sin($0) * 1e-20 },
        Function("10²⁰ x³") { $0 * $0 * $0 * 1e20 },
        Function("softplus x", -8...1) { softplus($0) },
    ]

    private static let modes: [GradientCheckMode] = [.elements, .directional()]

    @Test(arguments: functions)
    func rightRulesPassAndWrongOnesFail(_ function: Function) {
        for exponent in function.exponents {
            let x = Tensor([1.3, 0.71]) * power(exponent)
            for mode in Self.modes {
                let right = gradientCheck(at: x, order: 2, mode: mode, of: function.value)
                #expect(right.passes, "10^\(exponent), \(mode): \(right)")
                for factor in [1.0005, 0.9995, 0] {
                    let wrong = gradientCheck(at: x, mode: mode, of: function.off(by: factor))
                    let isCaught = wrong.comparisons.allSatisfy { !$0.passes }
                    #expect(isCaught, "10^\(exponent), \(mode), factor \(factor): \(wrong)")
                }
            }
        }
    }

    @Test(arguments: functions.filter { $0.exponents.contains(-8) && $0.exponents.contains(8) })
    func magnitudesMixedInOneTensor(_ function: Function) {
        let x = Tensor([1e-8, 3e-5, 0.2, 7, 1e4, 2e8])
        let right = gradientCheck(at: x, order: 2, of: function.value)
        #expect(right.passes, "\(right)")
        let wrong = gradientCheck(at: x, of: function.off(by: 1.0005))
        #expect(wrong.comparisons.allSatisfy { !$0.passes }, "\(wrong)")
    }

    /// Pixels to 255, and what is a product of small and large.
    @Test(arguments: modes)
    func severalArguments(_ mode: GradientCheckMode) {
        var generator = RandomGenerator(seed: 1)
        let pixels = generator.uniform([3, 4], from: 0, to: 255, dataType: .float64)
        let weights = generator.normal([4, 2], dataType: .float64) * 1e-4
        let scales = Tensor([1e8, 2e-8])
        func loss(_ pixels: Tensor, _ weights: Tensor, _ scales: Tensor) -> Tensor {
            tanh(matmul(pixels, weights)) * scales
        }
        let right = gradientCheck(at: pixels, weights, scales, order: 2, mode: mode, of: loss)
        #expect(right.passes, "\(right)")
        let wrong = gradientCheck(at: pixels, weights, scales, mode: mode) { x, w, s in
            let value = loss(x, w, s)
            return 1.0005 * value - 0.0005 * stopGradient(value)
        }
        #expect(wrong.comparisons.allSatisfy { !$0.passes }, "\(wrong)")
        let lists = gradientCheck(at: [pixels, weights], scales, mode: mode) { list, scales in
            loss(list[0], list[1], scales)
        }
        #expect(lists.passes, "\(lists)")
    }

    /// A zero has no magnitude of its own: not beside large numbers, nor alone.
    @Test func zeros() {
        let x = Tensor([0, 1e8, 0, -3e7])
        for function: @Sendable (Tensor) -> Tensor in [
            { sin($0) }, { $0 * $0 + $0 }, { ($0 * $0).sum() + $0.sum() }, { exp($0 * 1e-8) },
            { ($0 * 1e-7).logSumExp() }, { $0 / ($0 * $0 + 1) },
        ] {
            let check = gradientCheck(at: x, of: function)
            #expect(check.passes, "\(check)")
            let wrong = gradientCheck(
                at: x, of: Function(value: function).off(by: 1.0005))
            #expect(!wrong.passes)
            #expect(
                wrong.comparisons.contains { !$0.passes && $0.what.contains("[0]") }, "\(wrong)")
            let alone = gradientCheck(at: Tensor([0.0]), order: 2, of: function)
            #expect(alone.passes, "\(alone)")
        }
    }

    /// Where the change drowns in a large value the check cannot tell, and says so; where larger
    /// steps show it, it tells.
    @Test func largeConstants() {
        for offset in [1e8, -1e12, 1e16] {
            for x in [1e-8, 1e-3, 1, 40, 1e5] {
                let hidden = gradientCheck(at: Tensor([x])) { $0 * $0 + offset }
                #expect(hidden.passes, "\(offset) at \(x): \(hidden)")
                // Nearer to a kink only steps across it are seen, and these tell another story.
                guard x > 1e-6 else { continue }
                let rectified = gradientCheck(at: Tensor([x, -x])) { relu($0) + offset }
                #expect(rectified.passes, "\(offset) at \(x): \(rectified)")
            }
        }
        for x in [1e-8, 1e-3, 1, 40] {
            // What is rounded within a function does not show in its value: only the caller knows.
            let cancelled = gradientCheck(at: Tensor([x, 2 * x]), tolerance: 1e-5) {
                (sin($0).sum() - 1e8) + 1e8
            }
            #expect(cancelled.passes, "at \(x): \(cancelled)")
        }
        let drowned = gradientCheck(at: Tensor([1e-8])) { $0 * $0 + 1e16 }
        #expect((drowned.worst?.uncertainty ?? 0) > 1e-8)
        for (offset, x) in [(1e8, 1e-2), (1e12, 10.0), (1e14, 1e5)] {
            let square = Function("") { $0 * $0 + offset }
            let wrong = gradientCheck(at: Tensor([x]), of: square.off(by: 1.0005))
            #expect(!wrong.passes, "\(offset) at \(x): \(wrong)")
        }
    }

    /// Steps stay where the function is defined.
    @Test func edgesOfTheDomain() {
        let functions: [(Double, @Sendable (Tensor) -> Tensor)] = [
            (1 - 1e-8, { log(1 - $0) }), (0.999999, { sqrt(1 - $0 * $0) }), (1e-7, { log($0) }),
            (-1 + 1e-6, { log1p($0) }), (700, { exp($0) }), (1e-150, { 1 / $0 }),
            (1e150, { $0 * $0 }),
        ]
        for (index, (x, function)) in functions.enumerated() {
            let right = gradientCheck(at: Tensor([x]), of: function)
            #expect(right.passes, "function \(index): \(right)")
            let wrong = gradientCheck(
                at: Tensor([x]), of: Function(value: function).off(by: 0.9995))
            #expect(!wrong.passes, "function \(index): \(wrong)")
        }
    }

    /// Constant functions and pieces have slope 0; infinite values that stay are no hindrance.
    @Test(arguments: modes)
    func slopesOfZero(_ mode: GradientCheckMode) {
        let x = Tensor([-3, 1e-6, 2e7])
        for function: @Sendable (Tensor) -> Tensor in [
            { $0 * 0 + 5 }, { relu(-abs($0)) }, { sign(stopGradient($0)) + ($0 - $0) },
            { ($0 - $0).sum() + 1e8 },
        ] {
            let check = gradientCheck(at: x, order: 2, mode: mode, of: function)
            #expect(check.passes, "\(check)")
        }
        let masked = gradientCheck(at: Tensor([0.5, 1.5]), mode: mode) {
            concatenated([$0 * $0, Tensor([-Double.infinity])])
        }
        #expect(masked.passes, "\(masked)")
        #expect(gradientCheck(at: Tensor([0.0]), mode: mode) { abs($0) }.passes)
        #expect(gradientCheck(at: Tensor([3, 4, 5] as [Int32]), order: 2) { $0 * $0 }.passes)
        // Near kinks, too, if not at them.
        #expect(gradientCheck(at: Tensor([1e-8, -1e-8, 2]), mode: .elements) { abs($0) }.passes)
        #expect(gradientCheck(at: Tensor([1e-8, -1e-8, 2]), mode: .elements) { relu($0) }.passes)
    }

    @Test func theReportSaysHowSureItIs() {
        let check = gradientCheck(at: Tensor([1e6, 2])) { x in
            customDerivative(at: x) {
                $0 * $0
            } pullback: { x, _, cotangent in
                cotangent * x * Tensor([2, 2.002])
            }
        }
        #expect(check.comparisons.map(\.passes) == [true, false])
        let report = check.description
        #expect(report.hasPrefix("1 of 2 comparisons fail; worst: derivative at element [1] of "))
        #expect(report.contains("by reverse mode") && report.contains("by differences"))
        #expect(report.contains(" ± ") && report.contains("apart, tolerance"))
    }

    private func power(_ exponent: Int) -> Double {
        let magnitude = (0..<abs(exponent)).reduce(1.0) { power, _ in power * 10 }
        return exponent < 0 ? 1 / magnitude : magnitude
    }
}
