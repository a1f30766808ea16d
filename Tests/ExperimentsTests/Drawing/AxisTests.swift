import Foundation
import Testing

@testable import Experiments

@Suite struct AxisTests {
    private func labels(_ axis: Axis) -> [String] { axis.ticks.map(\.label) }

    @Test func linearTicksAreRound() {
        #expect(labels(Axis(covering: [0, 1])) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
        #expect(labels(Axis(covering: [-3, 7], count: 4)) == ["0", "5"])
        #expect(
            labels(Axis(covering: [-30, 70], count: 5, padding: 0)) == [
                "−20", "0", "20", "40", "60",
            ])
        #expect(
            labels(Axis(covering: [100.01, 100.04], count: 3, padding: 0)) == [
                "100.01", "100.02", "100.03", "100.04",
            ])
        #expect(labels(Axis(covering: [0, 5e6], count: 5, padding: 0))[1...2] == ["1e6", "2e6"])
    }

    @Test func wholeNumbersStayWhole() {
        let one = Axis(covering: [1], count: 5, wholeNumbers: true)
        #expect(labels(one) == ["1"])
        let three = Axis(covering: [1, 2, 3], count: 10, padding: 0, wholeNumbers: true)
        #expect(labels(three) == ["1", "2", "3"])
        let many = Axis(covering: [1, 30], count: 6, padding: 0, wholeNumbers: true)
        #expect(labels(many) == ["5", "10", "15", "20", "25", "30"])
    }

    @Test func logarithmicTicksArePowersOfTenWhereTheyFit() {
        let wide = Axis(covering: [0.001, 1000], scale: .logarithmic, count: 10, padding: 0)
        #expect(labels(wide) == ["0.001", "0.01", "0.1", "1", "10", "100", "1000"])
        let thinned = Axis(covering: [1e-12, 1e12], scale: .logarithmic, count: 5, padding: 0)
        #expect(labels(thinned) == ["1e−10", "1e−5", "1", "100000", "1e10"])
        let narrow = Axis(covering: [1, 40], scale: .logarithmic, count: 5, padding: 0)
        #expect(labels(narrow) == ["1", "2", "5", "10", "20"])
        let narrower = Axis(covering: [3, 4], scale: .logarithmic, count: 4, padding: 0)
        #expect(narrower.ticks.count > 1)
    }

    @Test func positionsRunFromEndToEnd() {
        let linear = Axis(covering: [10, 20], padding: 0)
        #expect(linear.position(of: 10) == 0)
        #expect(linear.position(of: 12.5) == 0.25)
        let logarithmic = Axis(covering: [1, 100], scale: .logarithmic, padding: 0)
        #expect(abs(logarithmic.position(of: 10) - 0.5) < 1e-12)
    }

    /// Whatever the values are: an axis of finite width, few ticks, all inside it
    /// and no label twice.
    @Test(
        arguments: [
            [], [0], [5], [-5], [.nan], [.infinity, -.infinity], [.nan, 3], [0, 1e-300],
            [1, 1 + 1e-15], [1e15, 1e15 + 1], [-1e308, 1e308], [.leastNonzeroMagnitude, 1e308],
            [1e-9, 2e-9],
            [-1e-200, 1e-200], [99.9999, 100.0001], [123456, 123457], [0.1, 0.3],
        ] as [[Double]], [Axis.Scale.linear, .logarithmic])
    func neverDegenerate(values: [Double], scale: Axis.Scale) {
        for count in [0, 1, 2, 5, 12] {
            let axis = Axis(covering: values, scale: scale, count: count)
            #expect(axis.lower.isFinite && axis.upper.isFinite)
            #expect(axis.lower < axis.upper)
            #expect(axis.ticks.count <= 2 * count + 3)
            #expect(Set(labels(axis)).count == axis.ticks.count, "\(labels(axis))")
            for tick in axis.ticks {
                #expect((-0.001...1.001).contains(axis.position(of: tick.value)))
            }
        }
    }
}
