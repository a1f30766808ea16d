import Autograd
import Datasets
import Testing

/// Images whose factors are known.
@Suite struct FactorImageTests {
    private static let data = Dataset.factors()

    /// The images by their factors.
    private static let images: [[Float]: [UInt8]] = {
        var found: [[Float]: [UInt8]] = [:]
        for part in [data.training, data.test] {
            let pixels = part.inputs.elements(as: UInt8.self)
            let values = part.factors?.values.elements(as: Float.self) ?? []
            for index in 0..<part.count {
                found[Array(values[5 * index..<5 * index + 5])] =
                    Array(pixels[1024 * index..<1024 * (index + 1)])
            }
        }
        return found
    }()

    @Test func everyCombinationIsThereOnce() throws {
        #expect(Self.data.training.count == 44_152 && Self.data.test.count == 5000)
        #expect(Self.data.training.shape == [32, 32])
        #expect(Self.images.count == 3 * 4 * 16 * 16 * 16)
        let factors = try #require(Self.data.test.factors)
        #expect(factors.all.map(\.name) == ["shape", "size", "angle", "x", "y"])
        #expect(factors.all.map(\.isCategory) == [true, false, false, false, false])
        #expect(
            Self.data.test.labels?.cast(to: .float32).isIdentical(to: factors.values(of: 0))
                == true)
        // A selection keeps them together.
        let some = Self.data.test[[4, 2]]
        #expect(some.factors?.values[0].isIdentical(to: factors.values[4]) == true)
    }

    @Test func aStepOfAPlaceIsAPixel() throws {
        let image = try #require(Self.images[[2, 1, 5, 3, 4]])
        let right = try #require(Self.images[[2, 1, 5, 4, 4]])
        let below = try #require(Self.images[[2, 1, 5, 3, 5]])
        for row in 0..<31 {
            for column in 0..<31 {
                #expect(right[row * 32 + column + 1] == image[row * 32 + column])
                #expect(below[(row + 1) * 32 + column] == image[row * 32 + column])
            }
        }
    }

    /// Sizes differ, no two angles of a shape look alike, and edges are smooth.
    @Test func factorsCanBeToldApart() throws {
        for shape in 0..<3 {
            let images = try (0..<16).map {
                try #require(Self.images[[Float(shape), 3, Float($0), 8, 8]])
            }
            #expect(Set(images).count == 16)
            let sums = try (0..<4).map { size in
                try #require(Self.images[[Float(shape), Float(size), 0, 8, 8]])
                    .reduce(0) { $0 + Int($1) }
            }
            #expect(zip(sums, sums.dropFirst()).allSatisfy { Double($1) > 1.25 * Double($0) })
            let shades = Set(images[3])
            #expect(shades.count > 8 && shades.contains(0) && shades.contains(255))
            // Nothing is cut off at the edge.
            for (x, y) in [(0, 0), (15, 0), (0, 15), (15, 15)] {
                let corner = try #require(
                    Self.images[[Float(shape), 3, 2, Float(x), Float(y)]])
                let middle = try #require(Self.images[[Float(shape), 3, 2, 8, 8]])
                #expect(
                    corner.reduce(0) { $0 + Int($1) } == middle.reduce(0) { $0 + Int($1) })
            }
        }
    }

    @Test func theSeedDecidesTheOrder() {
        let again = Dataset.factors(testCount: 10)
        let other = Dataset.factors(testCount: 10, seed: 1)
        #expect(again.training.count == 49_142)
        #expect(!again.test.inputs.isIdentical(to: other.test.inputs))
        #expect(again.test.inputs.isIdentical(to: Dataset.factors(testCount: 10).test.inputs))
    }
}
