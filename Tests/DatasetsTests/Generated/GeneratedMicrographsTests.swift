import Autograd
import Foundation
import Testing

@testable import Datasets

@Suite struct GeneratedMicrographsTests {
    /// In the first frame every atom away from the border has three neighbours at the bond's length.
    @Test func theLatticeBeginsInOrder() {
        let made = GeneratedMicrographs.disordering(frames: 3, size: 128)
        #expect(made.frames.count == 3 && made.frames[0].width == 128)
        let first = made.things.filter { $0.position.frame == 0 }
        let inner = first.filter {
            20...107 ~= $0.position.y && 20...107 ~= $0.position.x
        }
        #expect(inner.count > 20)
        for atom in inner {
            let bonds = first.compactMap { other -> Double? in
                let (up, right) = (
                    atom.position.y - other.position.y, other.position.x - atom.position.x
                )
                guard other != atom, hypot(up, right) < 18 else { return nil }
                #expect(abs(hypot(up, right) - 12) < 1e-9)
                return atan2(up, right) * 180 / .pi
            }
            #expect(bonds.count == 3)
            // An upright atom has a bond upwards.
            for bond in bonds {
                #expect(abs(remainder(bond - 90 - atom.angle, 120)) < 1e-6)
            }
        }
        #expect(Set(first.map { ($0.angle).rounded() }) == [10, 70])
    }

    @Test func thenItDisorders() {
        let made = GeneratedMicrographs.disordering(
            frames: 5, size: 200, displacement: 0.1, loss: 0.5)
        let first = made.things.filter { $0.position.frame == 0 }
        func share(_ frame: Int) -> (left: Double, moved: Double) {
            let positions = made.things.map(\.position).filter { $0.frame == frame }
            let at = positions.map { AtomPosition(y: $0.y, x: $0.x) }
            let near = nearestPositions(of: at, among: first.map(\.position), within: 6)
            let moves = zip(at, near).compactMap { position, index -> Double? in
                guard let index else { return nil }
                let place = first[index].position
                return hypot(position.y - place.y, position.x - place.x)
            }
            return (
                Double(positions.count) / Double(first.count),
                moves.reduce(0, +) / Double(max(moves.count, 1))
            )
        }
        #expect(share(0) == (1, 0))
        #expect(abs(share(4).left - 0.5) < 0.1)
        // The mean length of a step of two normal numbers of deviation 1.2 pixels is 1.5.
        #expect(abs(share(4).moved - 1.2 * (Double.pi / 2).squareRoot()) < 0.2)
        #expect(share(1).moved < share(4).moved && share(1).left > share(4).left)
    }

    @Test func moleculesAreApartAndOfAllKinds() throws {
        let made = GeneratedMicrographs.molecules(frames: 2, size: 256, noise: 0)
        #expect(Set(made.things.map(\.kind)) == ["rod", "bent", "triangle", "chain"])
        for (index, thing) in made.things.enumerated() {
            #expect(0..<360 / Double(thing.symmetry) ~= thing.angle)
            for other in made.things[(index + 1)...]
            where other.position.frame == thing.position.frame {
                let distance = hypot(
                    other.position.y - thing.position.y, other.position.x - thing.position.x)
                #expect(distance > 34)
            }
        }
        // The atoms of a rod are half a spacing from its middle, in its direction.
        let rod = try #require(made.things.first { $0.kind == "rod" })
        let image = made.frames[rod.position.frame]
        func level(along angle: Double) -> Float {
            // Sound: molecules have a margin.
            let row = Int((rod.position.y - 3.5 * sin(angle)).rounded())
            let column = Int((rod.position.x + 3.5 * cos(angle)).rounded())
            return image.pixels[row * image.width + column]
        }
        let angle = rod.angle * .pi / 180
        #expect(level(along: angle) > 0.6 && level(along: angle + .pi) > 0.6)
        #expect(level(along: angle + .pi / 2) < 0.55)
    }

    @Test func aSeedSaysAll() {
        func made(_ seed: UInt64) -> [GeneratedMicrographs] {
            [
                .disordering(frames: 2, size: 96, seed: seed),
                .molecules(frames: 2, size: 128, seed: seed),
            ]
        }
        for (one, other) in zip(made(4), made(4)) {
            #expect(one.frames == other.frames && one.things == other.things)
        }
        for (one, other) in zip(made(4), made(5)) { #expect(one.frames != other.frames) }
    }

    @Test func theTableIsReadAsPositions() throws {
        let made = GeneratedMicrographs.molecules(frames: 2, size: 128)
        try withTemporaryFolder { folder in
            try CSV.write(made.table, to: folder + "/truth.csv")
            let table = try PositionTable(contentsOf: folder + "/truth.csv")
            #expect(try table.positions(in: made.frames) == made.things.map(\.position))
            #expect(table.texts(of: "kind") == made.things.map(\.kind))
            #expect(try table.numbers(of: "angle") == made.things.map(\.angle))
        }
    }
}
