import Foundation
import Testing

@testable import Datasets

@Suite struct InverseCosineTransformTests {
    /// The definition in double precision; what is computed in whole numbers is off by less than a
    /// level where no two levels are equally near.
    @Test func isTheDefinition() {
        var random = SplitMix(seed: 12)
        var worst = 0.0
        for count in [1, 2, 5, 20, 64] {
            for _ in 0..<50 {
                var coefficients = [Int16](repeating: 0, count: 64)
                coefficients[0] = .random(in: -900...900, using: &random)
                for _ in 1..<count {
                    coefficients[.random(in: 0..<64, using: &random)] = .random(
                        in: -60...60, using: &random)
                }
                var samples = [UInt8](repeating: 0, count: 8 * 11)
                coefficients.withUnsafeBufferPointer { coefficients in
                    samples.withUnsafeMutableBufferPointer {
                        InverseCosineTransform.apply(coefficients, to: $0, at: 2, stride: 11)
                    }
                }
                for row in 0..<8 {
                    for column in 0..<8 {
                        let exact = Self.sample(of: coefficients, row, column)
                        worst = max(worst, abs(Double(samples[2 + 11 * row + column]) - exact))
                    }
                }
                // What lies between the rows stays.
                #expect(samples[0] == 0 && samples[10] == 0)
            }
        }
        #expect(worst < 0.6)
    }

    static func sample(of coefficients: [Int16], _ row: Int, _ column: Int) -> Double {
        var sum = 0.0
        for (place, coefficient) in coefficients.enumerated() where coefficient != 0 {
            let (down, across) = (place / 8, place % 8)
            let scale = (down == 0 ? 0.5.squareRoot() : 1) * (across == 0 ? 0.5.squareRoot() : 1)
            sum +=
                Double(coefficient) * scale / 4
                * cos(Double((2 * row + 1) * down) * .pi / 16)
                * cos(Double((2 * column + 1) * across) * .pi / 16)
        }
        return min(max(sum + 128, 0), 255)
    }
}
