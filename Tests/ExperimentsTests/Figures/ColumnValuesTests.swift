import Testing

@testable import Experiments

/// How different the values of two columns are.
@Suite struct ColumnValuesTests {
    @Test func distancesAreThoseOfDistributions() throws {
        func numbers(_ numbers: [Double]) -> ColumnValues { .numbers(numbers) }
        let (few, many) = (numbers([2, 1, 3, 4]), numbers([1, 1, 2, 2, 3, 3, 4, 4]))
        #expect(few.distance(to: many) == 0)
        #expect(few.distance(to: numbers([5, 6])) == 1)
        // Up to 2 there are a half and nine tenths.
        let low = numbers(Array(repeating: 2, count: 9) + [4])
        #expect(abs(try #require(few.distance(to: low)) - 0.4) < 1e-12)
        #expect(low.distance(to: few) == few.distance(to: low))
        #expect(few.distance(to: numbers([])) == nil)
        let one = ColumnValues.categories(["a", "a", "b", "c"])
        let two = ColumnValues.categories(["a", "c", "d", "d"])
        #expect(one.distance(to: two) == 0.5 && one.distance(to: one) == 0)
    }
}
