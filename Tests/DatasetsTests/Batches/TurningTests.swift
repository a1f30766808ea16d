import Autograd
import Datasets
import FileSupport
import TestSupport
import Testing

/// Images that are turned.
@Suite struct TurningTests {
    /// One bright pixel right of the middle, in each of so many images.
    private func images(_ count: Int, side: Int = 5) -> Examples {
        var pixels = [UInt8](repeating: 0, count: side * side)
        pixels[side * (side / 2) + side - 1] = 200
        return Examples(
            Tensor((0..<count).flatMap { _ in pixels }, shape: [count, side, side]),
            labels: Tensor((0..<count).map { Int32($0 % 3) }))
    }

    private func dataset(_ count: Int) -> Dataset {
        Dataset(
            name: "points", training: images(count), test: images(10), classNames: [],
            source: "here")
    }

    @Test func quarterTurnsAreExact() {
        let turned = images(4).turned(
            by: Tensor([0, 90, 180, 270] as [Float]), as: Factor("turn", symmetries: [360]))
        let pixels = turned.inputs.elements(as: UInt8.self)
        // Right, above, left and below, row by row.
        for (index, place) in [14, 2, 10, 22].enumerated() {
            let image = pixels[25 * index..<25 * (index + 1)]
            #expect(image.firstIndex(of: 200) == 25 * index + place)
            #expect(image.reduce(0) { $0 + Int($1) } == 200)
        }
        #expect(turned.factors?.values(of: 0).elements(as: Float.self) == [0, 90, 180, 270])
        #expect(turned.labels?.elements(as: Int32.self) == [0, 1, 2, 0])
    }

    @Test func anglesAreDistributedAsAsked() throws {
        func degrees(_ how: Turning, seed: UInt64 = 1) throws -> [Double] {
            let training = try dataset(3000).turned(how, seed: seed).training
            let factors = try #require(training.factors)
            #expect(factors.all.map(\.name) == ["turn"])
            #expect(factors.all[0].symmetry(of: 7) == 360)
            return factors.values(of: 0).elements(as: Float.self).map { Double($0) }
        }
        func deviation(_ values: [Double]) -> Double {
            (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
        }
        let even = try degrees(Turning(.uniform, degrees: 60))
        #expect(even.allSatisfy { abs($0) <= 60 } && even.contains { abs($0) > 58 })
        #expect(abs(deviation(even) - 60 / 3.0.squareRoot()) < 1.5)
        let normal = try degrees(Turning(.normal, degrees: 45))
        #expect(abs(deviation(normal) - 45) < 2)
        #expect(try degrees(Turning(.normal, degrees: 45)) == normal)
        #expect(try degrees(Turning(.normal, degrees: 45), seed: 2) != normal)
    }

    @Test func otherFactorsStay() throws {
        let cards = Dataset.cards(turn: 10, shear: 0, perSuit: 2, testPerSuit: 1)
        let turned = try cards.turned(Turning(.uniform, degrees: 5), seed: 0).test
        let factors = try #require(turned.factors)
        #expect(factors.all.last?.name == "turn" && factors.all.count == 7)
        let first = try #require(cards.test.factors)
        #expect(factors.values[.all, ..<6].isIdentical(to: first.values))
        #expect(first.all[1].symmetry(of: 0) == 180 && first.all[1].symmetry(of: 3) == 360)
        #expect(first.all[2].symmetry(of: 0) == nil)
    }

    @Test func coloursAreTurnedAlike() throws {
        let grey = images(1).inputs
        let colours = Examples(grey.expandingAxis(1).broadcast(to: [1, 3, 5, 5]))
        let angle = Tensor([30] as [Float])
        let turned = colours.turned(by: angle, as: Factor("turn")).inputs
        let one = Examples(grey).turned(by: angle, as: Factor("turn")).inputs
        for channel in 0..<3 { #expect(turned[0, channel].isIdentical(to: one[0])) }
    }

    @Test func textsAreRead() {
        #expect(Turning("uniform:60") == Turning(.uniform, degrees: 60))
        #expect(Turning("normal:4.5").flatMap { Turning($0.text) }?.degrees == 4.5)
        for text in [
            "", "uniform", "uniform:", "uniform:0", "normal:-3", "normal:nan", "odd:3", "a:b:c",
        ] {
            #expect(Turning(text) == nil, "\(text)")
        }
    }

    @Test func onlyImagesAreTurned() throws {
        let rows = Examples(Tensor.zeros([4, 3]))
        let table = Dataset(
            name: "rows", training: rows, test: rows, classNames: [], source: "here")
        #expect {
            _ = try table.turned(Turning(.uniform, degrees: 1), seed: 0)
        } throws: { error in
            (error as? FileError)?.expected == "images, to turn them"
        }
    }
}
