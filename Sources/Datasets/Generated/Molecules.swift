import Autograd
import Foundation

extension GeneratedMicrographs {
    /// Images of small molecules of four kinds in any place and orientation, none near another: `rod`, two
    /// atoms; `bent`, three; `triangle`, three; `chain`, four in a row.
    ///
    /// Traps unless there is a frame, and room for a molecule.
    ///
    /// - Parameters:
    ///   - frames: how many images; each has other molecules.
    ///   - size: the side of an image in pixels.
    ///   - spacing: the distance of the atoms of a molecule in pixels.
    ///   - distance: the least distance of the middles of molecules in pixels.
    ///   - noise: the deviation of grey levels from 0 to 1.
    public static func molecules(
        frames: Int = 4, size: Int = 512, spacing: Double = 7, distance: Double = 34,
        noise: Double = 0.1, seed: UInt64 = 0
    ) -> GeneratedMicrographs {
        let margin = 2.5 * spacing
        let room = Double(size - 1) - 2 * margin
        guard frames > 0, spacing > 0, distance > 0, room > 0, noise >= 0 else {
            programmerError(
                "GeneratedMicrographs.molecules",
                "\(frames) frames of \(size) pixels, spacing \(spacing), distance \(distance), "
                    + "noise \(noise)")
        }
        var generator = RandomGenerator(seed: seed)
        // Sound: squares of sides of images. Many more are tried than there is room for.
        let attempts = min(1_000_000, 20 + Int(20 * room * room / (distance * distance)))
        var (images, things): ([Micrograph], [Thing]) = ([], [])
        for frame in 0..<frames {
            let chance = generator.uniform([attempts, 4], dataType: .float64)
                .elements(as: Double.self)
            var canvas = SpotCanvas(height: size, width: size)
            var grid = PositionGrid(reach: distance)
            for start in stride(from: 0, to: chance.count, by: 4) {
                let position = AtomPosition(
                    frame: frame, y: margin + room * chance[start],
                    x: margin + room * chance[start + 1])
                guard grid.nearest(to: position) == nil else { continue }
                grid.insert(position)
                // Sound: a number below the count.
                let kind = Molecule.allCases[
                    Int(chance[start + 2] * Double(Molecule.allCases.count))]
                let angle = 360 * chance[start + 3] / Double(kind.symmetry)
                for atom in kind.atoms(turnedBy: angle * .pi / 180) {
                    canvas.add(
                        y: position.y - spacing * atom.up, x: position.x + spacing * atom.right,
                        deviation: spacing / 3)
                }
                things.append(
                    Thing(
                        position: position, kind: kind.rawValue, angle: angle,
                        symmetry: kind.symmetry))
            }
            images.append(canvas.micrograph(noise: noise, using: &generator))
        }
        return GeneratedMicrographs(frames: images, things: things)
    }
}

private enum Molecule: String, CaseIterable {
    case rod, bent, triangle, chain

    var symmetry: Int {
        switch self {
        case .rod, .chain: 2
        case .bent: 1
        case .triangle: 3
        }
    }

    /// Around their middle, in units of the spacing.
    private var upright: [(right: Double, up: Double)] {
        switch self {
        case .rod: return [(-0.5, 0), (0.5, 0)]
        case .chain: return [(-1.5, 0), (-0.5, 0), (0.5, 0), (1.5, 0)]
        case .triangle:
            return [90.0, 210, 330].map { degrees in
                let radius = 1 / 3.0.squareRoot()
                return (radius * cos(degrees * .pi / 180), radius * sin(degrees * .pi / 180))
            }
        case .bent:
            // An angle of 110° at the atom in the middle.
            let (right, up) = (sin(55 * Double.pi / 180), cos(55 * Double.pi / 180))
            return [(-right, up / 3), (0, -up * 2 / 3), (right, up / 3)]
        }
    }

    func atoms(turnedBy angle: Double) -> [(right: Double, up: Double)] {
        upright.map { right, up in
            (right * cos(angle) - up * sin(angle), right * sin(angle) + up * cos(angle))
        }
    }
}
