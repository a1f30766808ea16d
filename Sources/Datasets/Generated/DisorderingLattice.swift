import Autograd
import Foundation

extension GeneratedMicrographs {
    /// A stack of images of a honeycomb lattice, as that of graphene, that disorders: atoms walk away from
    /// their places at random, and some vanish. In the first image all are in place.
    ///
    /// The angle of an atom is that of its place in the lattice, in which it has three neighbours: those of
    /// the two sublattices lie 60° apart.
    ///
    /// Traps unless there is a frame and a pixel, and lengths and shares are not negative.
    ///
    /// - Parameters:
    ///   - frames: how many images.
    ///   - size: the side of an image in pixels.
    ///   - bond: the distance of neighbours in pixels.
    ///   - tilt: of the lattice, anticlockwise in degrees.
    ///   - displacement: the deviation of atoms from their places along each axis in the last image, in
    ///     bonds.
    ///   - loss: the share of the atoms that have vanished there.
    ///   - noise: the deviation of grey levels from 0 to 1.
    public static func disordering(
        frames: Int = 8, size: Int = 256, bond: Double = 12, tilt: Double = 10,
        displacement: Double = 0.2, loss: Double = 0.1, noise: Double = 0.1, seed: UInt64 = 0
    ) -> GeneratedMicrographs {
        guard frames > 0, size > 0, bond >= 2, displacement >= 0, 0...1 ~= loss, noise >= 0 else {
            programmerError(
                "GeneratedMicrographs.disordering",
                "\(frames) frames of \(size) pixels, bonds of \(bond), displacements of "
                    + "\(displacement), losses of \(loss), noise of \(noise)")
        }
        var generator = RandomGenerator(seed: seed)
        var atoms = honeycomb(size: size, bond: bond, tilt: tilt)
        let lives = generator.uniform([atoms.count], dataType: .float64).elements(as: Double.self)
        let steps = Double(max(frames - 1, 1))
        var (images, things): ([Micrograph], [Thing]) = ([], [])
        for frame in 0..<frames {
            if frame > 0 {
                // As many steps as there are add up to the displacement.
                let walked = generator.normal(
                    [atoms.count, 2], standardDeviation: displacement * bond / steps.squareRoot(),
                    dataType: .float64
                ).elements(as: Double.self)
                for index in atoms.indices {
                    atoms[index].y += walked[2 * index]
                    atoms[index].x += walked[2 * index + 1]
                }
            }
            var canvas = SpotCanvas(height: size, width: size)
            for (atom, life) in zip(atoms, lives) where life >= loss * Double(frame) / steps {
                canvas.add(y: atom.y, x: atom.x, deviation: bond / 5)
                let position = AtomPosition(frame: frame, y: atom.y, x: atom.x)
                guard position.isInside(height: size, width: size) else { continue }
                things.append(
                    Thing(position: position, kind: "atom", angle: atom.angle, symmetry: 3))
            }
            images.append(canvas.micrograph(noise: noise, using: &generator))
        }
        return GeneratedMicrographs(frames: images, things: things)
    }

    /// The atoms in and around an image.
    private static func honeycomb(
        size: Int, bond: Double, tilt: Double
    ) -> [(y: Double, x: Double, angle: Double)] {
        let turn = tilt * .pi / 180
        let (cosine, sine, middle) = (cos(turn), sin(turn), Double(size - 1) / 2)
        let side = bond * 3.0.squareRoot()
        let reach = 0.5 * Double(size) * 2.0.squareRoot() + 2 * bond
        // Sound: a size by a length of at least 2.
        let cells = Int(reach / (side * 0.75)) + 1
        var atoms: [(y: Double, x: Double, angle: Double)] = []
        for row in -cells...cells {
            for column in -2 * cells...2 * cells {
                for sublattice in 0..<2 {
                    let right = side * (Double(column) + Double(row) / 2)
                    let up = side * 0.75.squareRoot() * Double(row) + bond * Double(sublattice)
                    let x = middle + right * cosine - up * sine
                    let y = middle - right * sine - up * cosine
                    guard max(abs(x - middle), abs(y - middle)) < 0.5 * Double(size) + 2 * bond
                    else { continue }
                    let angle = (tilt + 60 * Double(sublattice)).truncatingRemainder(
                        dividingBy: 120)
                    atoms.append((y, x, angle < 0 ? angle + 120 : angle))
                }
            }
        }
        return atoms
    }
}
